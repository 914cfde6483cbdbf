using SkiaSharp;

namespace Microsoft.ML.PaT.Data;

/// <summary>Decodes image files to planar pixels of a given size, for training, scoring and calibration.</summary>
internal static class EncodedImage
{
    /// <summary>Minimum ratio between decoded and target size, so that the resizer still averages.</summary>
    private const int Oversampling = 2;

    /// <summary>JPEG decoders scale in steps of 1/8.</summary>
    private const int Scales = 8;

    /// <summary>
    /// Size in the file's header after orientation, read without decoding. Null if there is no readable header.
    /// </summary>
    public static unsafe (int Height, int Width)? SizeOf(ReadOnlySpan<byte> file)
    {
        if (ImageSignature.FormatOf(file) is null) return null;
        fixed (byte* bytes = file)
        {
            using var data = SKData.Create((nint)bytes, file.Length);
            using var codec = SKCodec.Create(data);
            if (codec is null) return null;
            var size = codec.Info.Size;
            return IsTransposed(codec) ? (size.Width, size.Height) : (size.Height, size.Width);
        }
    }

    /// <summary>Decodes an image.</summary>
    /// <param name="file">Content of the file; of an animation, the first frame is decoded.</param>
    /// <param name="planar">Receives [C,H,W]: RGB or gray.</param>
    /// <exception cref="InvalidDataException">The content is not an image, is truncated or damaged, or is too
    /// large.</exception>
    public static unsafe void Decode(ReadOnlySpan<byte> file, Span<byte> planar, ImageShape shape,
        ImageResizing resizing)
    {
        var format = ImageSignature.FormatOf(file) ?? throw new InvalidDataException(ImageSignature.Describe(file));
        if (ImageEnd.IsMissing(format, file)) throw Truncated(format);
        fixed (byte* bytes = file)
        {
            using var data = SKData.Create((nint)bytes, file.Length);
            using var codec = SKCodec.Create(data)
                ?? throw new InvalidDataException(
                    $"its {format} header is damaged or not supported; save it in another format");
            ImageClaim.Check(format, codec.Info.Size, file);
            var size = ScaledSize(codec, shape, resizing);
            // Premultiplied alpha, as in MLImage: transparent pixels become black.
            using var pixels = new SKBitmap(
                new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
            var result = codec.GetPixels(pixels.Info, pixels.GetPixels());
            if (result == SKCodecResult.IncompleteInput) throw Truncated(format);
            if (result != SKCodecResult.Success)
                throw new InvalidDataException($"its {format} data is damaged ({result}); get the file again");
            var layout = PixelLayout.Rgba(size.Height, size.Width).Oriented((int)codec.EncodedOrigin);
            ImageResizer.Resize(pixels.GetPixelSpan(), layout, planar, shape, resizing);
        }
    }

    /// <summary>The smallest size that the codec can decode to and that is at least the target size.</summary>
    internal static SKSizeI ScaledSize(SKCodec codec, ImageShape shape, ImageResizing resizing)
    {
        var (height, width) = IsTransposed(codec) ? (shape.Width, shape.Height) : (shape.Height, shape.Width);
        for (var scale = 1; scale < Scales; scale++)
        {
            var size = codec.GetScaledDimensions((float)scale / Scales);
            var (tall, wide) = (size.Height >= Oversampling * height, size.Width >= Oversampling * width);
            // A padded image fills only one side of the target.
            if (resizing == ImageResizing.IsoPad ? tall || wide : tall && wide) return size;
        }
        return codec.Info.Size;
    }

    private static bool IsTransposed(SKCodec codec) => codec.EncodedOrigin >= SKEncodedOrigin.LeftTop;

    private static InvalidDataException Truncated(SKEncodedImageFormat format) =>
        new($"the file ends before its {format} image is complete; get it again");
}
