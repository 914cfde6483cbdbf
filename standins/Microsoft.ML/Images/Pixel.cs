using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Arithmetic on four-byte pixels.</summary>
internal static class Pixel
{
    /// <summary>A colour as it was before it was multiplied by alpha; black where nothing is left of it.</summary>
    internal static byte Divided(int colour, int alpha) => alpha switch
    {
        255 => (byte)colour,
        0 => 0,
        _ => (byte)Math.Min(255, (colour * 255 + alpha / 2) / alpha),
    };

    internal static byte[] InOrder(byte[] pixels, MLPixelFormat from, MLPixelFormat to)
    {
        if (from == to) return pixels;
        var swapped = (byte[])pixels.Clone();
        for (int i = 0; i < swapped.Length; i += 4) (swapped[i], swapped[i + 2]) = (swapped[i + 2], swapped[i]);
        return swapped;
    }

    internal static byte[] WithoutAlphaMultiplied(byte[] pixels)
    {
        var divided = (byte[])pixels.Clone();
        for (int i = 0; i < divided.Length; i += 4)
            for (int c = 0; c < 3; c++) divided[i + c] = Divided(pixels[i + c], pixels[i + 3]);
        return divided;
    }

    /// <summary>Each colour becomes 0.3 red + 0.59 green + 0.11 blue; the result is opaque, over black.</summary>
    internal static byte[] Grey(byte[] pixels, MLPixelFormat format)
    {
        int red = format == MLPixelFormat.Rgba32 ? 0 : 2;
        var grey = new byte[pixels.Length];
        for (int i = 0; i < grey.Length; i += 4)
        {
            byte level = (byte)Math.Min(255, (int)(0.3f * pixels[i + red] + 0.59f * pixels[i + 1] + 0.11f * pixels[i + 2 - red] + 0.5f));
            grey[i] = grey[i + 1] = grey[i + 2] = level;
            grey[i + 3] = 255;
        }
        return grey;
    }
}
