using System.Buffers;
using System.Numerics;

namespace Microsoft.ML.PaT.Data;

/// <summary>Converts images of any size and layout to planar bytes of a given size, RGB or gray.</summary>
/// <remarks>
/// Values of images of the target size are only reordered. Others are cropped if required and resized bilinearly. When
/// shrinking, the filter is as wide as the step, so that every source pixel counts and aliasing is avoided. Floats are
/// added in a fixed order: the same image gives the same bytes on every machine and thread.
/// </remarks>
internal static class ImageResizer
{
    /// <summary>Resizes an image.</summary>
    /// <param name="layout">Layout of the values: at least one row and one column.</param>
    /// <param name="planar">Receives [C,H,W].</param>
    /// <param name="shape">RGB or gray.</param>
    public static void Resize(
        ReadOnlySpan<byte> source, PixelLayout layout, Span<byte> planar, ImageShape shape, ImageResizing resizing)
    {
        if (shape.Channels == 3)
        {
            Resize(source, layout, planar, shape.Height, shape.Width, resizing);
            return;
        }
        var colors = ArrayPool<byte>.Shared.Rent(3 * shape.Size);
        Resize(source, layout, colors, shape.Height, shape.Width, resizing);
        ImageColors.ToGray(colors, planar);
        ArrayPool<byte>.Shared.Return(colors);
    }

    private static void Resize(
        ReadOnlySpan<byte> source, PixelLayout layout, Span<byte> planar, int height, int width, ImageResizing resizing)
    {
        // Whole pixels, at least one; the other side is not cropped.
        var across = Math.Clamp((int)Math.Round((double)layout.Height * width / height), 1, layout.Width);
        var down = Math.Clamp((int)Math.Round((double)layout.Width * height / width), 1, layout.Height);
        if (resizing == ImageResizing.IsoCrop)
        {
            layout = layout.Part((layout.Height - down) / 2, (layout.Width - across) / 2, down, across);
        }
        else if (resizing == ImageResizing.IsoPad && (across < layout.Width || down < layout.Height))
        {
            var scale = Math.Min((double)height / layout.Height, (double)width / layout.Width);
            Pad(
                source,
                layout,
                planar,
                (height, width),
                (
                    Math.Clamp((int)Math.Round(layout.Height * scale), 1, height),
                    Math.Clamp((int)Math.Round(layout.Width * scale), 1, width)));
            return;
        }
        Resize(source, layout, planar, height, width);
    }

    private static void Pad(
        ReadOnlySpan<byte> source,
        PixelLayout layout,
        Span<byte> planar,
        (int Height, int Width) whole,
        (int Height, int Width) inner)
    {
        var image = ArrayPool<byte>.Shared.Rent(3 * inner.Height * inner.Width);
        Resize(source, layout, image, inner.Height, inner.Width);
        planar.Clear();
        var (top, left) = ((whole.Height - inner.Height) / 2, (whole.Width - inner.Width) / 2);
        for (var row = 0; row < 3 * inner.Height; row++)
        {
            var (c, y) = (row / inner.Height, row % inner.Height);
            image.AsSpan(row * inner.Width, inner.Width)
                .CopyTo(planar[(((c * whole.Height) + top + y) * whole.Width + left)..]);
        }
        ArrayPool<byte>.Shared.Return(image);
    }

    /// <summary>Resizes an image without keeping its aspect ratio.</summary>
    /// <param name="layout">Layout of the values: at least one row and one column.</param>
    /// <param name="planar">Receives [3,height,width].</param>
    public static void Resize(ReadOnlySpan<byte> source, PixelLayout layout, Span<byte> planar, int height, int width)
    {
        var plane = height * width;
        ReadOnlySpan<int> offsets = [layout.Red, layout.Green, layout.Blue];
        if (height == layout.Height && width == layout.Width)
        {
            for (var c = 0; c < 3; c++)
            for (var y = 0; y < height; y++)
            {
                var target = planar.Slice(c * plane + y * width, width);
                var at = offsets[c] + y * layout.RowStep;
                if (layout.Step == 1) source.Slice(at, width).CopyTo(target);
                else if (layout.Step == 4) TakeEveryFourth(source[at..], target);
                else
                    for (var x = 0; x < width; x++, at += layout.Step) target[x] = source[at];
            }
            return;
        }

        var across = Taps.Between(layout.Width, width);
        var down = Taps.Between(layout.Height, height);
        var buffer = ArrayPool<float>.Shared.Rent(checked(layout.Height * width));
        try
        {
            for (var c = 0; c < 3; c++)
            {
                Across(source, layout, offsets[c], buffer, width, across);
                Down(buffer, planar.Slice(c * plane, plane), height, width, down);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Copies values 0, 4, 8 and so on: one color of 4-byte pixels.</summary>
    private static void TakeEveryFourth(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var x = 0;
        var count = Vector<byte>.Count;
        // Reads four bytes as one number; narrowing keeps the first byte. The number at the last pixels may extend
        // beyond the source.
        for (; BitConverter.IsLittleEndian && x + count <= target.Length && 4 * (x + count) <= source.Length;
            x += count)
        {
            var pixels = source.Slice(4 * x, 4 * count);
            Vector.Narrow(
                    Vector.Narrow(Numbers(pixels, 0), Numbers(pixels, 1)),
                    Vector.Narrow(Numbers(pixels, 2), Numbers(pixels, 3)))
                .CopyTo(target[x..]);
        }
        for (; x < target.Length; x++) target[x] = source[4 * x];

        static Vector<uint> Numbers(ReadOnlySpan<byte> pixels, int part) =>
            Vector.AsVectorUInt32(new Vector<byte>(pixels[(part * Vector<byte>.Count)..]));
    }

    private static void Across(
        ReadOnlySpan<byte> source, PixelLayout layout, int offset, Span<float> result, int width, Taps taps)
    {
        for (var y = 0; y < layout.Height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var sum = 0f;
                var at = offset + y * layout.RowStep + taps.First[x] * layout.Step;
                foreach (var weight in taps.Weights(x))
                {
                    sum += weight * source[at];
                    at += layout.Step;
                }
                result[y * width + x] = sum;
            }
        }
    }

    private static void Down(ReadOnlySpan<float> source, Span<byte> result, int height, int width, Taps taps)
    {
        Span<float> sums = width <= 1024 ? stackalloc float[width] : new float[width];
        for (var y = 0; y < height; y++)
        {
            sums.Clear();
            var at = taps.First[y] * width;
            foreach (var weight in taps.Weights(y))
            {
                var row = source.Slice(at, width);
                for (var x = 0; x < width; x++) sums[x] += weight * row[x];
                at += width;
            }
            for (var x = 0; x < width; x++)
                result[y * width + x] = (byte)Math.Clamp((int)MathF.Floor(sums[x] + 0.5f), 0, 255);
        }
    }

    /// <summary>
    /// For each target position along an axis: the first source position and the weights from there on.
    /// </summary>
    private sealed class Taps(int[] first, int[] count, float[] weights, int stride)
    {
        public int[] First => first;

        public ReadOnlySpan<float> Weights(int target) => weights.AsSpan(target * stride, count[target]);

        public static Taps Between(int source, int target)
        {
            var step = (double)source / target;
            var reach = Math.Max(1.0, step);
            var stride = (int)Math.Ceiling(reach) * 2 + 1;
            var (first, count, weights) = (new int[target], new int[target], new float[target * stride]);
            for (var t = 0; t < target; t++)
            {
                // Pixel centers are at halves, so that the edges of the image stay its edges.
                var center = (t + 0.5) * step;
                var from = Math.Max(0, (int)Math.Floor(center - reach));
                var to = Math.Min(source, (int)Math.Ceiling(center + reach));
                double total = 0;
                for (var s = from; s < to; s++) total += Triangle((s + 0.5 - center) / reach);
                first[t] = from;
                count[t] = to - from;
                for (var s = from; s < to; s++)
                    weights[t * stride + s - from] = (float)(Triangle((s + 0.5 - center) / reach) / total);
            }
            return new(first, count, weights, stride);
        }

        private static double Triangle(double x) => Math.Max(0, 1 - Math.Abs(x));
    }
}
