using Microsoft.ML.Data;

namespace PaT.Cli.Tests;

/// <summary>A folder of drawn images for whoever has none at hand.</summary>
internal static class DrawnFolder
{
    private const int Side = 32;
    private const int Plane = Side * Side;

    /// <summary>Draws PNG files of 32x32 pixels, one folder for each class.</summary>
    /// <param name="folder">Where to; made when it is not there, and left alone when it is.</param>
    /// <param name="classes">How many of the ten shapes.</param>
    /// <param name="each">Images a class.</param>
    public static void Write(string folder, int classes, int each)
    {
        if (Directory.Exists(folder)) return;
        for (var shape = 0; shape < classes; shape++)
        {
            var below = Directory.CreateDirectory(Path.Combine(folder, Shapes.All[shape].Name)).FullName;
            for (var i = 0; i < each; i++)
            {
                using var image = MLImage.CreateFromPixels(
                    Side, Side, MLPixelFormat.Rgba32, Rgba(ShapeImages.Render((Shapes.All.Count * i) + shape, shape)));
                image.Save(Path.Combine(below, $"{i:000}.png"));
            }
        }
    }

    private static byte[] Rgba(byte[] planar)
    {
        var rgba = new byte[4 * Plane];
        for (var i = 0; i < Plane; i++)
        {
            (rgba[4 * i], rgba[(4 * i) + 1], rgba[(4 * i) + 2], rgba[(4 * i) + 3]) =
                (planar[i], planar[Plane + i], planar[(2 * Plane) + i], byte.MaxValue);
        }

        return rgba;
    }
}
