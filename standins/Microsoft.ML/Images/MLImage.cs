using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

/// <summary>How the four bytes of a pixel lie.</summary>
public enum MLPixelFormat
{
    Unknown,
    Bgra32,
    Rgba32,
}

/// <summary>A decoded picture: four bytes a pixel, row after row, colours multiplied by alpha.</summary>
public sealed class MLImage : IDisposable
{
    private byte[] _pixels;
    private readonly int _width;
    private readonly int _height;
    private readonly MLPixelFormat _format;
    private string _tag;

    private MLImage(int width, int height, MLPixelFormat format, byte[] pixels)
    {
        _width = width;
        _height = height;
        _format = format;
        _pixels = pixels;
    }

    public static MLImage CreateFromStream(Stream imageStream)
    {
        ArgumentNullException.ThrowIfNull(imageStream);
        var content = new MemoryStream(imageStream.CanSeek ? (int)Math.Clamp(imageStream.Length - imageStream.Position, 0, int.MaxValue / 2) : 0);
        imageStream.CopyTo(content);
        return Decode(content.GetBuffer().AsSpan(0, (int)content.Length), "Invalid input stream contents", nameof(imageStream));
    }

    public static MLImage CreateFromFile(string imagePath)
    {
        ArgumentNullException.ThrowIfNull(imagePath);
        if (!File.Exists(imagePath)) throw new ArgumentException($"Invalid path '{imagePath}'", nameof(imagePath));
        return Decode(File.ReadAllBytes(imagePath), $"Invalid path '{imagePath}'", nameof(imagePath));
    }

    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32)) throw new ArgumentException("Unsupported pixel format", nameof(pixelFormat));
        if (width <= 0) throw new ArgumentException("Invalid width value.", nameof(width));
        if (height <= 0) throw new ArgumentException("Invalid height value.", nameof(height));
        if (imagePixelData.Length != (long)width * height * 4)
            throw new ArgumentException($"Invalid buffer size: {width} x {height} pixels need {(long)width * height * 4} bytes, {imagePixelData.Length} given.", nameof(imagePixelData));
        return new(width, height, pixelFormat, imagePixelData.ToArray());
    }

    private static MLImage Decode(ReadOnlySpan<byte> file, string what, string parameter)
    {
        int status = NativeImages.Decode(file, out int width, out int height, out var pixels);
        return status switch
        {
            NativeImages.Ok => new(width, height, MLPixelFormat.Bgra32, pixels),
            NativeImages.UnknownFormat => throw new ArgumentException($"{what}: not a JPEG, PNG, BMP or GIF picture.", parameter),
            NativeImages.TooLarge => throw new ArgumentException($"{what}: a picture of {width} x {height} pixels is larger than this library decodes.", parameter),
            NativeImages.NoMemory => throw new OutOfMemoryException($"{what}: not enough memory to decode."),
            _ => throw new ArgumentException($"{what}: the picture is damaged.", parameter),
        };
    }

    public MLPixelFormat PixelFormat => Checked(_format);
    public int Width => Checked(_width);
    public int Height => Checked(_height);
    public int BitsPerPixel => Checked(32);

    public string Tag
    {
        get => Checked(_tag);
        set => _tag = Checked(value);
    }

    public ReadOnlySpan<byte> Pixels => Checked(_pixels);

    /// <summary>Blue, green, red, interleaved; colours as they were before they were multiplied by alpha.</summary>
    public byte[] GetBGRPixels
    {
        get
        {
            var source = Checked(_pixels);
            var bgr = new byte[_width * _height * 3];
            int blue = _format == MLPixelFormat.Bgra32 ? 0 : 2;
            for (int from = 0, to = 0; to < bgr.Length; from += 4, to += 3)
            {
                int alpha = source[from + 3];
                bgr[to] = Pixel.Divided(source[from + blue], alpha);
                bgr[to + 1] = Pixel.Divided(source[from + 1], alpha);
                bgr[to + 2] = Pixel.Divided(source[from + 2 - blue], alpha);
            }
            return bgr;
        }
    }

    public void Save(string imagePath)
    {
        var pixels = Checked(_pixels);
        string extension = Path.GetExtension(imagePath).ToLowerInvariant();
        byte[] encoded = extension switch
        {
            ".jpg" or ".jpeg" => NativeImages.EncodeJpeg(Pixel.InOrder(pixels, _format, MLPixelFormat.Bgra32), _width, _height, quality: 100),
            ".png" => NativeImages.EncodePng(Pixel.WithoutAlphaMultiplied(Pixel.InOrder(pixels, _format, MLPixelFormat.Rgba32)), _width, _height),
            ".bmp" or ".gif" or ".ico" or ".astc" or ".avif" or ".dng" or ".heif" or ".ktx" or ".pkm" or ".wbmp" or ".webp" =>
                throw new ArgumentException($"Saving image with the format '{extension}' is not supported. Save it as .png or .jpg.", nameof(imagePath)),
            _ => throw new ArgumentException("Path has invalid image file extension.", nameof(imagePath)),
        };
        File.WriteAllBytes(imagePath, encoded);
    }

    public void Dispose() => _pixels = null;

    private T Checked<T>(T value) => _pixels is null ? throw new InvalidOperationException("Object is disposed.") : value;

    internal MLImage CloneWithResizing(int width, int height, ImageResizingEstimator.ResizingKind kind, ImageResizingEstimator.Anchor anchor) =>
        new(width, height, _format, ImageScaling.Resize(Checked(_pixels), _width, _height, width, height, kind, anchor));

    internal MLImage CloneWithGrayscale() => new(_width, _height, _format, Pixel.Grey(Checked(_pixels), _format));
}
