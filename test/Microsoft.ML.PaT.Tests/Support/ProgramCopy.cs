using System.Diagnostics;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// A copy of <see cref="ChildProgram"/> in a temporary folder, with other native libraries or without some.
/// </summary>
internal sealed class ProgramCopy : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Copies the managed files and links the native libraries.</summary>
    /// <param name="native">Returns the library to link instead of a path; null to omit it.</param>
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

    public IEnumerable<string> Entries =>
        Directory.EnumerateFileSystemEntries(_folder.Name).Select(e => Path.GetFileName(e));

    /// <returns>Lines of the output.</returns>
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
