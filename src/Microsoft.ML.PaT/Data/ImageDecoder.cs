using Microsoft.ML.Data;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT;

/// <summary>
/// Decodes image files (JPEG, PNG, GIF, BMP or WebP) for an <see cref="ImageClassifier"/> in the same way as in
/// training: upright and resized.
/// </summary>
public static class ImageDecoder
{
    /// <summary>Supported formats, for messages.</summary>
    public const string Formats = "JPEG, PNG, GIF, BMP or WebP";

    /// <summary>Usual file extensions of these formats, in lower case and with the dot.</summary>
    /// <remarks>The content of a file determines its format; the extension only selects the files to read.</remarks>
    public static IReadOnlyList<string> Extensions { get; } =
        [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".webp"];

    /// <summary>Whether content starts like an image in one of these formats. The image may still be damaged.</summary>
    /// <param name="file">Content of a file, or its first 16 bytes.</param>
    public static bool HasImageContent(ReadOnlySpan<byte> file) => ImageSignature.FormatOf(file) is not null;

    /// <summary>
    /// Decodes one image; the first frame of an animation. A large JPEG or WebP image is decoded at a reduced scale of
    /// at least twice the shape.
    /// </summary>
    /// <param name="file">The content of its file; bytes after the image are ignored.</param>
    /// <param name="shape">The shape of the result: [3,H,W], or [1,H,W] for gray, the luma of ITU-R BT.601.</param>
    /// <param name="resizing">Resizing of images with another aspect ratio:
    /// <see cref="ImageClassifier.Resizing"/>.</param>
    /// <returns>Bytes of that shape: planar RGB, or gray.</returns>
    /// <exception cref="InvalidOptionsException">The shape has neither three channels nor one.</exception>
    /// <exception cref="InvalidImageDataException">The content has another format, is truncated or damaged, or has more
    /// than 100 million pixels or more than its bytes can contain. The message says which of these, but does not name
    /// the file.</exception>
    public static byte[] Decode(byte[] file, ImageShape shape, ImageResizing resizing = ImageResizing.Fill)
    {
        ArgumentNullException.ThrowIfNull(file);
        ImageColors.Require(shape);
        var planar = new byte[shape.Size];
        try
        {
            EncodedImage.Decode(file, planar, shape, resizing);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidImageDataException(
                ErrorCodes.ImageUnreadable, $"The image cannot be read: {e.Message}.", e);
        }
        return planar;
    }

    /// <summary>Resizes a decoded image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="shape">The shape of the result: [3,H,W], or [1,H,W] for gray, the luma of ITU-R BT.601.</param>
    /// <param name="resizing">Resizing of images with another aspect ratio:
    /// <see cref="ImageClassifier.Resizing"/>.</param>
    /// <returns>Bytes of that shape: planar RGB, or gray.</returns>
    /// <exception cref="InvalidOptionsException">The shape has neither three channels nor one.</exception>
    public static byte[] Decode(MLImage image, ImageShape shape, ImageResizing resizing = ImageResizing.Fill)
    {
        ArgumentNullException.ThrowIfNull(image);
        ImageColors.Require(shape);
        var planar = new byte[shape.Size];
        ImageResizer.Resize(image.Pixels, LayoutOf(image), planar, shape, resizing);
        return planar;
    }

    /// <summary>
    /// Reads the size from the header of an image file without decoding it, for applications that accept untrusted
    /// files.
    /// </summary>
    /// <param name="file">The content of the file.</param>
    /// <returns>Height and width of the upright image, in pixels; null without a valid header of a JPEG, PNG, GIF, BMP
    /// or WebP file.</returns>
    public static (int Height, int Width)? SizeOf(ReadOnlySpan<byte> file) => EncodedImage.SizeOf(file);

    /// <summary>Whether a file name has one of <see cref="Extensions"/>, in upper or lower case.</summary>
    /// <param name="path">Path or name of the file, which need not exist.</param>
    internal static bool HasImageExtension(string path) =>
        Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    internal static PixelLayout LayoutOf(MLImage image) => image.PixelFormat switch
    {
        MLPixelFormat.Rgba32 => PixelLayout.Rgba(image.Height, image.Width),
        MLPixelFormat.Bgra32 => PixelLayout.Bgra(image.Height, image.Width),
        var other => throw new NotSupportedException($"pixels are {other}, not Rgba32 or Bgra32"),
    };
}
