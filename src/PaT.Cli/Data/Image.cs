
namespace PaT.Cli;

/// <summary>
/// One labeled image. Its content is read on each use, so that a folder of large images does not fill the memory.
/// </summary>
/// <param name="Name">A path below its source, or a running number.</param>
/// <param name="Read">Returns the encoded file (JPEG, PNG, ...), or the 3072 planar RGB values of a 32x32
/// image.</param>
internal sealed record Image(string Name, string Label, Func<byte[]> Read)
{
    /// <summary>Full path of its file; empty if it is part of another file, or drawn.</summary>
    public string Path { get; init; } = "";
}
