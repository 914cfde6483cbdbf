using SkiaSharp;

namespace PaT.Samples;

/// <summary>Image files as the input of an exported model: upright, resized as in training, planar RGB.</summary>
internal static class ImageInput
{
    /// <param name="resizing">Value of the model's metadata: <c>fill</c>, <c>iso-crop</c> or <c>iso-pad</c>.</param>
    /// <returns>Bytes, [3,height,width]: all reds, all greens, all blues. The model normalizes them.</returns>
    public static byte[] Read(string file, int height, int width, string resizing)
    {
        using var upright = Upright(file);
        var (across, down) = ((double)width / upright.Width, (double)height / upright.Height);
        if (resizing == "iso-crop") across = down = Math.Max(across, down);
        if (resizing == "iso-pad") across = down = Math.Min(across, down);
        var shape = new SKImageInfo(
            Math.Max(1, (int)Math.Round(across * upright.Width)), Math.Max(1, (int)Math.Round(down * upright.Height)),
            SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using var image = upright.Resize(shape, SKFilterQuality.Medium);

        // The centers coincide: what is larger than the input is cropped, what is smaller has black bars.
        var planes = new byte[3 * height * width];
        var pixels = image.GetPixelSpan();
        var (top, left) = ((image.Height - height) / 2, (image.Width - width) / 2);
        for (var y = Math.Max(0, -top); y < Math.Min(height, image.Height - top); y++)
        for (var x = Math.Max(0, -left); x < Math.Min(width, image.Width - left); x++)
        {
            var pixel = pixels.Slice(4 * ((y + top) * image.Width + x + left), 3);
            for (var c = 0; c < 3; c++) planes[(c * height + y) * width + x] = pixel[c];
        }
        return planes;
    }

    /// <summary>Decodes an image and applies the orientation of its EXIF data, as cameras write it.</summary>
    private static SKBitmap Upright(string file)
    {
        using var codec = SKCodec.Create(file) ?? throw new InvalidDataException($"{file} is not an image.");
        var stored = SKBitmap.Decode(codec) ?? throw new InvalidDataException($"{file} is damaged.");
        var (turns, isMirrored) = codec.EncodedOrigin switch
        {
            SKEncodedOrigin.TopRight => (0, true),
            SKEncodedOrigin.BottomRight => (2, false),
            SKEncodedOrigin.BottomLeft => (2, true),
            SKEncodedOrigin.LeftTop => (1, true),
            SKEncodedOrigin.RightTop => (1, false),
            SKEncodedOrigin.RightBottom => (3, true),
            SKEncodedOrigin.LeftBottom => (3, false),
            _ => (0, false),
        };
        if (turns == 0 && !isMirrored) return stored;
        using (stored)
        {
            var (width, height) = turns == 2 || turns == 0
                ? (stored.Width, stored.Height)
                : (stored.Height, stored.Width);
            var upright = new SKBitmap(stored.Info.WithSize(width, height));
            using var canvas = new SKCanvas(upright);
            canvas.Translate(width / 2f, height / 2f);
            if (isMirrored) canvas.Scale(-1, 1);
            canvas.RotateDegrees(90 * turns);
            canvas.DrawBitmap(stored, -stored.Width / 2f, -stored.Height / 2f);
            return upright;
        }
    }
}
