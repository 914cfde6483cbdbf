using System.Diagnostics;

namespace Microsoft.ML.PaT.Tests;

/// <summary><see cref="ChildProgram"/> in a folder of its own, with other native libraries or without some.</summary>
internal sealed class ProgramCopy : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Copies the managed part and links the native libraries.</summary>
    /// <param name="native">The library to link in place of one of that path; null for none.</param>
    public ProgramCopy(Func<string, string?> native)
    {
        foreach (var file in Directory.EnumerateFiles(TestContext.CurrentContext.TestDirectory))
        {
            var name = Path.GetFileName(file);
            var copy = Path.Combine(_folder.Name, name);
            if (Path.GetExtension(name) == ".dll" || name.EndsWith(".runtimeconfig.json", StringComparison.Ordinal))
                File.Copy(file, copy);
            else if (name.Contains(".so", StringComparison.Ordinal) && native(file) is { } linked)
                File.CreateSymbolicLink(copy, linked);
        }
    }

    /// <summary>Names of its files and folders.</summary>
    public IEnumerable<string> Entries =>
        Directory.EnumerateFileSystemEntries(_folder.Name).Select(e => Path.GetFileName(e));

    /// <summary>Runs it to its end.</summary>
    /// <returns>The lines it printed.</returns>
    public string[] Run(params string[] arguments)
    {
        var program = Path.Combine(_folder.Name, Path.GetFileName(typeof(ChildProgram).Assembly.Location));
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose() => _folder.Dispose();
}
