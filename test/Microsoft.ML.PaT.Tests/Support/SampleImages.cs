using SkiaSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Small images as files of every supported format.</summary>
internal static class SampleImages
{
    public const int Width = 13, Height = 9;

    public static readonly string[] Kinds = ["jpg", "png", "gif", "bmp", "webp"];

    /// <summary>A noisy gradient of 13x9 pixels.</summary>
    public static byte[] Of(string kind) => kind switch
    {
        "gif" => GifWriter.Write(Height, Width, Indices(1)),
        "bmp" => TinyRows.Bitmap(Planar(Height, Width, 1), Height, Width),
        "jpg" => Skia(SKEncodedImageFormat.Jpeg, Height, Width),
        "png" => Skia(SKEncodedImageFormat.Png, Height, Width),
        _ => Skia(SKEncodedImageFormat.Webp, Height, Width),
    };

    public static byte[] Skia(SKEncodedImageFormat format, int height, int width, int quality = 90)
    {
        var planar = Planar(height, width, 1);
        return Skia(format, height, width, (y, x) =>
            new(planar[y * width + x], planar[(height + y) * width + x], planar[(2 * height + y) * width + x]),
            quality);
    }

    public static byte[] Skia(SKEncodedImageFormat format, int height, int width, Func<int, int, SKColor> pixel,
        int quality = 90)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Pixels = [.. Enumerable.Range(0, height * width).Select(i => pixel(i / width, i % width))];
        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>A palette of 128 grays, one byte per pixel, for the GIF writer.</summary>
    public static byte[] Indices(int seed) =>
        [.. Planar(Height, Width, seed).Take(Height * Width).Select(b => (byte)(b / 2))];

    /// <summary>A noisy gradient, [3,H,W].</summary>
    public static byte[] Planar(int height, int width, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 3 * height * width).Select(i =>
        {
            var (c, y, x) = (i / (height * width), i / width % height, i % width);
            return (byte)Math.Clamp(60 + 40 * c + 90.0 * y / height + 60 * Math.Sin(3.0 * x / width + c)
                + random.Next(-6, 7), 0, 255);
        })];
    }
}
