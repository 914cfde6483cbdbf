using Microsoft.ML.Data;

namespace Microsoft.ML.PaT;

/// <summary>Turns picture files, JPEG, PNG, BMP or GIF, into what an <see cref="ImageClassifier"/> takes, as training does: turned as the camera says, and brought to size.</summary>
public static class PictureDecoder
{
    /// <summary>The most pixels of a picture that is decoded: a file of a few bytes can claim to be any size.</summary>
    private const long MostPixels = 100_000_000;

    /// <summary>Decodes one picture.</summary>
    /// <param name="file">The content of its file.</param>
    /// <param name="shape">The shape wanted, [3,H,W].</param>
    /// <param name="resizing">How it comes to that shape: <see cref="ImageClassifier.Resizing"/>.</param>
    /// <returns>Planar RGB bytes, [3,H,W].</returns>
    /// <exception cref="InvalidPicturesException">No decoder takes it; the message says why, and not which file it was.</exception>
    public static byte[] Decode(byte[] file, ImageShape shape, PictureResizing resizing = PictureResizing.Fill)
    {
        ArgumentNullException.ThrowIfNull(file);
        var planar = new byte[shape.Size];
        try
        {
            Decode(file, file.Length, planar, shape, resizing);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or PaTException))
        {
            // Decoders throw what they like at a damaged file.
            throw new InvalidPicturesException($"The picture cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        return planar;
    }

    /// <summary>Brings decoded pixels to the shape wanted.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="shape">The shape wanted, [3,H,W].</param>
    /// <param name="resizing">How it comes to that shape: <see cref="ImageClassifier.Resizing"/>.</param>
    /// <returns>Planar RGB bytes, [3,H,W].</returns>
    public static byte[] Decode(MLImage image, ImageShape shape, PictureResizing resizing = PictureResizing.Fill)
    {
        ArgumentNullException.ThrowIfNull(image);
        var planar = new byte[shape.Size];
        PictureResizer.Resize(image.Pixels, LayoutOf(image), planar, shape.Height, shape.Width, resizing);
        return planar;
    }

    /// <summary>How many pixels a picture file claims to have, told from its header without decoding it: for whoever takes files from strangers.</summary>
    /// <param name="file">The content of the file.</param>
    /// <returns>Width times height; null where there is no header of a JPEG, PNG, BMP or GIF file that says so.</returns>
    public static long? PixelsOf(ReadOnlySpan<byte> file) => EncodedPicture.Pixels(file) is > 0 and var pixels ? pixels : null;

    /// <summary>Decodes what lies at the beginning of a buffer.</summary>
    internal static void Decode(byte[] buffer, int length, Span<byte> planar, ImageShape shape, PictureResizing resizing)
    {
        var file = buffer.AsSpan(0, length);
        if (EncodedPicture.EndsEarly(file)) throw new InvalidDataException("the file ends before its picture does");
        if (EncodedPicture.Pixels(file) is > MostPixels and var pixels) throw new InvalidDataException(FormattableString.Invariant($"it claims {pixels:N0} pixels; at most {MostPixels:N0} are read"));
        if (EncodedPicture.ClaimsTooMuch(file)) throw new InvalidDataException("it claims more pixels than its bytes can hold");
        using var stream = new MemoryStream(buffer, 0, length, writable: false);
        using var image = MLImage.CreateFromStream(stream);
        PictureResizer.Resize(image.Pixels, LayoutOf(image).Oriented(ExifOrientation.Of(file)), planar, shape.Height, shape.Width, resizing);
    }

    /// <summary>How the pixels of a decoded picture lie.</summary>
    internal static PixelLayout LayoutOf(MLImage image) => image.PixelFormat switch
    {
        MLPixelFormat.Rgba32 => PixelLayout.Rgba(image.Height, image.Width),
        MLPixelFormat.Bgra32 => PixelLayout.Bgra(image.Height, image.Width),
        var other => throw new NotSupportedException($"pixels are {other}, not Rgba32 or Bgra32"),
    };
}
