namespace Microsoft.ML.PaT.Tests;

/// <summary>A folder that is deleted after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Name);

    public string Name { get; } = Path.Combine(Path.GetTempPath(), "pat-" + Path.GetRandomFileName());

    public string[] Checkpoints => [.. Directory.GetFiles(Name, "*.checkpoint").Order(StringComparer.Ordinal)];

    /// <summary>Copies some of its files to a new folder.</summary>
    public TemporaryFolder With(params IEnumerable<string> files)
    {
        var copy = new TemporaryFolder();
        foreach (var file in files) File.Copy(file, Path.Combine(copy.Name, Path.GetFileName(file)));
        return copy;
    }

    public void Dispose() => Directory.Delete(Name, recursive: true);
}
