using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT;

/// <summary>The image formats that can be read and the file extensions they usually have.</summary>
/// <remarks>
/// The content of a file decides how it is read; its extension only says whether to look at the file at all.
/// </remarks>
public static class ImageFiles
{
    /// <summary>The formats that can be read, for messages.</summary>
    public const string Formats = "JPEG, PNG, GIF, BMP or WebP";

    /// <summary>The usual extensions of these formats, lower case, with the dot.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
        [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".webp"];

    /// <summary>Whether a file has one of <see cref="Extensions"/>, in upper or lower case.</summary>
    /// <param name="path">The path or name of the file, which need not exist.</param>
    public static bool HasImageExtension(string path) =>
        Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether content begins as an image of one of these formats does; it may still be damaged.</summary>
    /// <param name="file">The content of a file, or its first 16 bytes.</param>
    public static bool HasImageContent(ReadOnlySpan<byte> file) => ImageSignature.FormatOf(file) is not null;
}
