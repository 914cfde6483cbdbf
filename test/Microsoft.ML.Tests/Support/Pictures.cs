using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

/// <summary>Picture files of every kind, the golden ones from Golden/make.py, the rest built byte by byte.</summary>
internal static class Pictures
{
    internal static string Golden(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", name);

    /// <summary>A GIF of one red pixel.</summary>
    internal static readonly byte[] RedGif = Convert.FromHexString("47494638396101000100800000FF00000000002C00000000010001000002024401003B");

    /// <summary>A 24-bit BMP, two pixels wide and one high: green, then blue.</summary>
    internal static readonly byte[] GreenBlueBmp =
    [
        (byte)'B', (byte)'M', 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0,
        40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 255, 0, 255, 0, 0, 0, 0,
    ];

    /// <summary>A picture of the given RGB pixels, row after row.</summary>
    internal static MLImage Of(int width, params byte[] rgb)
    {
        var bgra = new byte[rgb.Length / 3 * 4];
        for (int i = 0; i < rgb.Length / 3; i++)
            (bgra[4 * i], bgra[4 * i + 1], bgra[4 * i + 2], bgra[4 * i + 3]) = (rgb[3 * i + 2], rgb[3 * i + 1], rgb[3 * i], 255);
        return MLImage.CreateFromPixels(width, rgb.Length / 3 / width, MLPixelFormat.Bgra32, bgra);
    }

    internal static byte[] Rgb(this MLImage image, int x, int y)
    {
        var bgr = image.GetBGRPixels;
        int at = 3 * (y * image.Width + x);
        return [bgr[at + 2], bgr[at + 1], bgr[at]];
    }

    internal static MLImage Decode(byte[] file) => MLImage.CreateFromStream(new MemoryStream(file));
}
