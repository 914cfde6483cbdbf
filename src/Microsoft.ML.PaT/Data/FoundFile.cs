namespace Microsoft.ML.PaT.Data;

/// <summary>A file in a folder or archive.</summary>
/// <param name="Name">Its path below the folder, with slashes.</param>
/// <param name="Path">Its full path; empty in an archive.</param>
/// <param name="Read">Returns its first bytes, up to the given number; all of them by default.</param>
/// <param name="Real">Its full path without links; empty in an archive.</param>
/// <param name="IsLinked">Whether a link leads to the file.</param>
internal sealed record FoundFile(
    string Name, string Path, Func<int, byte[]> Read, string Real = "", bool IsLinked = false)
{
    /// <summary>A file on disk.</summary>
    public static FoundFile OnDisk(string name, string path, string real, bool isLinked) =>
        new(name, path, most => Bytes(path, most), real, isLinked);

    public LabeledImage Labeled(string label) => new(Name, label, Path, () => Read(int.MaxValue));

    private static byte[] Bytes(string path, int most)
    {
        try
        {
            // A pipe or a device has no length, and opening it may block forever.
            if (new FileInfo(path).Length == 0) return [];
            if (most == int.MaxValue) return File.ReadAllBytes(path);
            using var stream = File.OpenRead(path);
            var bytes = new byte[most];
            return bytes[..stream.ReadAtLeast(bytes, most, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
