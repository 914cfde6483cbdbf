using System.Diagnostics;
using System.Reflection;
using SurfaceAssemblies;

namespace Surface.Tests;

/// <summary>
/// A stand-in has fewer overloads than what it stands in for, so code may compile against it and be ambiguous against the real
/// assemblies. Here everything listed is there: assemblies written from the listings, and the product compiled against them.
/// </summary>
public class FullSurfaceTests
{
    private static readonly string _listings = Path.Combine(TestContext.CurrentContext.TestDirectory, "surface");
    private static readonly string _repository = Repository();
    private static readonly string _folder = Path.Combine(_repository, "artifacts", "surface", "assemblies");

    private static IReadOnlyList<LeftOut> _leftOut = [];

    [OneTimeSetUp]
    public void WriteAssemblies()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        _leftOut = SurfaceGenerator.Write(_listings, _folder, [typeof(Microsoft.ML.MLContext).Assembly.Location, typeof(TorchSharp.torch).Assembly.Location]);
    }

    // TensorBoard's messages are another package's; the listing has a public field of a type that is not public.
    [Test]
    public void OnlyWhatNeedsTypesFromElsewhereIsLeftOut() =>
        Assert.That(_leftOut.Where(l => !l.Reason.StartsWith("Tensorboard.") && !l.Reason.StartsWith("TorchSharp.Data.DataIterator+HType ")), Is.Empty);

    [Test]
    public void AssembliesShowExactlyWhatIsListed()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] written = Directory.GetFiles(_folder, "*.dll");
        using var context = new MetadataLoadContext(new PathAssemblyResolver([.. written, .. Directory.GetFiles(framework, "*.dll")]));
        foreach (string path in written)
        {
            string name = Path.GetFileNameWithoutExtension(path);
            string[] listed = File.ReadAllLines(Path.Combine(_listings, name + ".txt"));
            string[] shown = PublicSurface.Of(context.LoadFromAssemblyPath(path).GetTypes()).ToArray();
            using (Assert.EnterMultipleScope())
            {
                Assert.That(listed.Except(shown).Except(_leftOut.Select(l => l.Line)), Is.Empty, $"{name}: missing");
                Assert.That(shown.Except(listed), Is.Empty, $"{name}: extra");
            }
        }
    }

    [TestCase("test/Microsoft.ML.PaT.Tests/Microsoft.ML.PaT.Tests.csproj")]
    [TestCase("src/Samples/Samples.csproj")]
    [Category("Long")]
    public void TheProductCompilesAgainstThem(string project)
    {
        var start = new ProcessStartInfo("dotnet",
            ["build", project, "-v", "q", "-nologo", "-m:1", "-clp:NoSummary", "-p:PaTDependencies=folder", $"-p:PaTDependencyFolder={_folder}",
                "--artifacts-path", Path.Combine(_repository, "artifacts", "surface", "build"), "--disable-build-servers"])
        {
            WorkingDirectory = _repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var build = Process.Start(start)!;
        var errors = build.StandardError.ReadToEndAsync();
        string output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        Assert.That(build.ExitCode, Is.Zero, $"{output}{errors.Result}");
    }

    private static string Repository()
    {
        string? folder = TestContext.CurrentContext.TestDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "PaT.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException($"No folder above {TestContext.CurrentContext.TestDirectory} holds PaT.sln.");
    }
}
