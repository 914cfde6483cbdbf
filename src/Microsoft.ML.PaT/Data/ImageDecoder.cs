using Microsoft.ML.Data;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT;

/// <summary>
/// Turns image files (JPEG, PNG, GIF, BMP or WebP) into what an <see cref="ImageClassifier"/> takes, as training does:
/// upright, and resized.
/// </summary>
public static class ImageDecoder
{
    /// <summary>
    /// Decodes one image; of an animation, its first frame. A large JPEG or WebP image is decoded at a reduced scale,
    /// at least twice the shape.
    /// </summary>
    /// <param name="file">The content of its file; bytes after the image are ignored.</param>
    /// <param name="shape">The shape of the result, [3,H,W].</param>
    /// <param name="resizing">How images of other proportions are resized:
    /// <see cref="ImageClassifier.Resizing"/>.</param>
    /// <returns>Planar RGB bytes, [3,H,W].</returns>
    /// <exception cref="InvalidImageDataException">
    /// It is of another format, truncated, damaged, or has more than 100 million pixels or more than its bytes can
    /// hold; the message says which, and not which file it was.
    /// </exception>
    public static byte[] Decode(byte[] file, ImageShape shape, ImageResizing resizing = ImageResizing.Fill)
    {
        ArgumentNullException.ThrowIfNull(file);
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
    /// <param name="shape">The shape of the result, [3,H,W].</param>
    /// <param name="resizing">How images of other proportions are resized:
    /// <see cref="ImageClassifier.Resizing"/>.</param>
    /// <returns>Planar RGB bytes, [3,H,W].</returns>
    public static byte[] Decode(MLImage image, ImageShape shape, ImageResizing resizing = ImageResizing.Fill)
    {
        ArgumentNullException.ThrowIfNull(image);
        var planar = new byte[shape.Size];
        ImageResizer.Resize(image.Pixels, LayoutOf(image), planar, shape.Height, shape.Width, resizing);
        return planar;
    }

    /// <summary>
    /// The size that an image file claims, read from its header without decoding it: for applications that accept files
    /// from strangers.
    /// </summary>
    /// <param name="file">The content of the file.</param>
    /// <returns>Height and width of the upright image, in pixels; null where there is no valid header of a JPEG, PNG,
    /// GIF, BMP or WebP file.</returns>
    public static (int Height, int Width)? SizeOf(ReadOnlySpan<byte> file) => EncodedImage.SizeOf(file);

    /// <summary>How the pixels of a decoded image lie.</summary>
    internal static PixelLayout LayoutOf(MLImage image) => image.PixelFormat switch
    {
        MLPixelFormat.Rgba32 => PixelLayout.Rgba(image.Height, image.Width),
        MLPixelFormat.Bgra32 => PixelLayout.Bgra(image.Height, image.Width),
        var other => throw new NotSupportedException($"pixels are {other}, not Rgba32 or Bgra32"),
    };
}
