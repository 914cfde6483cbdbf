using System.Formats.Tar;
using System.IO.Compression;
using SkiaSharp;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>JPEG files to decode.</summary>
internal static class Photographs
{
    /// <summary>
    /// A synthetic photograph: noise of all scales whose strength falls with the frequency, as in natural images, and a
    /// little of the sensor's.
    /// </summary>
    public static byte[] Synthetic(int height, int width, int seed)
    {
        const int coarsest = 3, octaves = 8;
        var random = new Random(seed);
        var grids = Enumerable.Range(0, 3 * octaves).Select(i => Grid(random, coarsest << (i % octaves))).ToArray();
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var pixels = new byte[4 * height * width];
        Parallel.For(0, height, y =>
        {
            var noise = new Random((seed << 16) + y);
            for (var x = 0; x < width; x++)
            for (var c = 0; c < 4; c++)
            {
                var value = 128f + noise.Next(-3, 4);
                // Brightness is shared by the colors, hue is coarse.
                for (var octave = 0; octave < octaves && c < 3; octave++)
                {
                    value += 90f / (1 << octave) * At(grids[octave], coarsest << octave, (float)y / height,
                        (float)x / width)
                        + (octave < 3 && c > 0
                            ? 30f / (1 << octave) * At(grids[c * octaves + octave], coarsest << octave,
                            (float)y / height, (float)x / width) : 0);
                }
                pixels[4 * (y * width + x) + c] = c == 3 ? byte.MaxValue : (byte)Math.Clamp(value, 0, 255);
            }
        });
        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return data.ToArray();
    }

    /// <summary>JPEG files of CIFAR-10 with their class, evenly spread over one part of the archive.</summary>
    public static IReadOnlyList<(string Label, byte[] File)> Cifar(string archive, string part, int count)
    {
        var all = new List<(string, byte[])>();
        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || !entry.Name.StartsWith(part + "/", StringComparison.Ordinal)) continue;
            var content = new byte[entry.Length];
            entry.DataStream.ReadExactly(content);
            all.Add((entry.Name.Split('/')[1], content));
        }
        var step = all.Count / count;
        return [.. Enumerable.Range(0, count).Select(i => all[i * step])];
    }

    /// <summary>A JPEG file enlarged by cubic interpolation.</summary>
    public static byte[] Enlarged(byte[] file, int side)
    {
        using var small = SKBitmap.Decode(file);
        using var large = small.Resize(new SKImageInfo(side, side), SKFilterQuality.High);
        using var data = large.Encode(SKEncodedImageFormat.Jpeg, 90);
        return data.ToArray();
    }

    private static float[] Grid(Random random, int cells) =>
        [.. Enumerable.Range(0, (cells + 1) * (cells + 1)).Select(_ => 2 * random.NextSingle() - 1)];

    private static float At(float[] grid, int cells, float down, float across)
    {
        var (y, x) = (down * cells, across * cells);
        var (row, column) = ((int)y, (int)x);
        var (low, right) = (y - row, x - column);
        var at = row * (cells + 1) + column;
        var top = grid[at] + right * (grid[at + 1] - grid[at]);
        var bottom = grid[at + cells + 1] + right * (grid[at + cells + 2] - grid[at + cells + 1]);
        return top + low * (bottom - top);
    }
}
