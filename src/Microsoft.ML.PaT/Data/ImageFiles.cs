using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT;

/// <summary>Supported image formats and their usual file extensions.</summary>
/// <remarks>The content of a file determines its format; the extension only selects the files to read.</remarks>
public static class ImageFiles
{
    /// <summary>Supported formats, for messages.</summary>
    public const string Formats = "JPEG, PNG, GIF, BMP or WebP";

    /// <summary>Usual extensions of these formats, in lower case and with the dot.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
        [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".webp"];

    /// <summary>Whether a file has one of <see cref="Extensions"/>, in upper or lower case.</summary>
    /// <param name="path">Path or name of the file, which need not exist.</param>
    public static bool HasImageExtension(string path) =>
        Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether content starts like an image in one of these formats. It may still be damaged.</summary>
    /// <param name="file">Content of a file, or its first 16 bytes.</param>
    public static bool HasImageContent(ReadOnlySpan<byte> file) => ImageSignature.FormatOf(file) is not null;
}
