using System.Runtime.CompilerServices;

namespace PaT.Cli.Tests;

public sealed class ApiReferenceTests
{
    private static readonly string s_root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));
    private static readonly ApiReference s_reference = new(Path.Combine(s_root, "src/Microsoft.ML.PaT"));

    [Test]
    public void Every_public_type_is_described()
    {
        var pages = s_reference.Pages().ToDictionary(p => p.File, p => p.Text);
        var index = pages["README.md"];
        var types = typeof(ImageClassifier).Assembly.GetExportedTypes().Where(t => !t.IsNested);
        Assert.That(types.Where(t => !index.Contains($"[{Signatures.Name(t)}](", StringComparison.Ordinal)), Is.Empty);
        Assert.That(index.Split('\n').Where(line => line.StartsWith("| [", StringComparison.Ordinal) && line.EndsWith("|  |", StringComparison.Ordinal)), Is.Empty, "types without a summary");
    }

    [Test]
    public void A_method_is_spelt_with_parameters_exceptions_and_ranges()
    {
        var pages = s_reference.Pages().ToDictionary(p => p.File, p => p.Text);
        Assert.That(pages["Serving.md"], Does.Contain("### `void Score(ReadOnlySpan<byte> images, Span<float> scores)`").And.Contain("- throws `ObjectDisposedException`: The classifier was disposed."));
        Assert.That(pages["Training.md"], Does.Contain("| `int Epochs` | Passes over the training images, dense and compact together. At least 1; default 30. |"));
    }

    [Test]
    [Category("Long")]
    public void The_committed_pages_are_up_to_date()
    {
        var folder = Path.Combine(s_root, "docs/api");
        var pages = s_reference.Pages().ToList();
        if (Environment.GetEnvironmentVariable("PAT_WRITE_RESULTS") is not null)
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
            foreach (var (file, text) in pages) File.WriteAllText(Path.Combine(folder, file), text);
        }
        const string Command = "PAT_WRITE_RESULTS=1 ./test.sh --long ApiReference writes the pages anew.";
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(pages.Select(p => p.File)), Command);
        foreach (var (file, text) in pages) Assert.That(File.ReadAllText(Path.Combine(folder, file)), Is.EqualTo(text), Command);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
