using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Transforms.Image.ImageResizingEstimator;

namespace Microsoft.ML;

/// <summary>Resizes pixels: nearest neighbour when stretching to fill, Mitchell's cubic filter when the proportions are kept.</summary>
internal static class ImageScaling
{
    internal static byte[] Resize(byte[] source, int width, int height, int newWidth, int newHeight, ResizingKind kind, Anchor anchor)
    {
        if (kind == ResizingKind.Fill) return Nearest(source, width, height, newWidth, newHeight);
        float byWidth = (float)newWidth / width, byHeight = (float)newHeight / height;
        bool crop = kind == ResizingKind.IsoCrop;
        float scale = crop ? Math.Max(byWidth, byHeight) : Math.Min(byWidth, byHeight);
        // What is left over (padding) or sticks out (cropping, negative) lies on one axis only.
        int x = 0, y = 0;
        if (byHeight < byWidth == crop) y = Offset(newHeight - height * scale, crop, anchor, Anchor.Top, Anchor.Bottom);
        else x = Offset(newWidth - width * scale, crop, anchor, Anchor.Left, Anchor.Right);
        return Cubic(source, width, height, newWidth, newHeight, x, y, (int)(width * scale), (int)(height * scale));
    }

    private static int Offset(float rest, bool crop, Anchor anchor, Anchor first, Anchor last) =>
        crop && anchor == first ? 0 : crop && anchor == last ? (int)rest : (int)(rest / 2);

    private static byte[] Nearest(byte[] source, int width, int height, int newWidth, int newHeight)
    {
        var target = new byte[checked(newWidth * newHeight * 4)];
        for (int y = 0, at = 0; y < newHeight; y++)
        {
            int row = (int)((y + 0.5) * height / newHeight) * width;
            for (int x = 0; x < newWidth; x++, at += 4)
                source.AsSpan((row + (int)((x + 0.5) * width / newWidth)) * 4, 4).CopyTo(target.AsSpan(at));
        }
        return target;
    }

    /// <summary>Draws the source into a rectangle of an opaque black picture.</summary>
    private static byte[] Cubic(byte[] source, int width, int height, int newWidth, int newHeight, int left, int top, int drawnWidth, int drawnHeight)
    {
        var target = new byte[checked(newWidth * newHeight * 4)];
        for (int i = 3; i < target.Length; i += 4) target[i] = 255;
        var columns = Taps(width, newWidth, left, drawnWidth);
        var rows = Taps(height, newHeight, top, drawnHeight);
        Span<float> sum = stackalloc float[4];
        for (int y = Math.Max(0, top); y < Math.Min(newHeight, top + drawnHeight); y++)
        {
            for (int x = Math.Max(0, left); x < Math.Min(newWidth, left + drawnWidth); x++)
            {
                sum.Clear();
                for (int j = 0; j < 4; j++)
                    for (int i = 0; i < 4; i++)
                    {
                        float weight = rows[y].Weights[j] * columns[x].Weights[i];
                        int from = (Math.Clamp(rows[y].First + j, 0, height - 1) * width + Math.Clamp(columns[x].First + i, 0, width - 1)) * 4;
                        for (int c = 0; c < 4; c++) sum[c] += weight * source[from + c];
                    }
                int at = (y * newWidth + x) * 4;
                float alpha = Math.Clamp(sum[3], 0, 255);
                for (int c = 0; c < 3; c++) target[at + c] = (byte)(Math.Clamp(sum[c], 0, alpha) + 0.5f);
            }
        }
        return target;
    }

    private static (int First, float[] Weights)[] Taps(int size, int newSize, int offset, int drawn)
    {
        var taps = new (int, float[])[newSize];
        for (int i = 0; i < newSize; i++)
        {
            float at = (i + 0.5f - offset) * size / drawn - 0.5f;
            int floor = (int)MathF.Floor(at);
            taps[i] = (floor - 1, Mitchell(at - floor));
        }
        return taps;
    }

    /// <summary>The weights of the four neighbours of a point at distance t from the second: B = C = 1/3.</summary>
    private static float[] Mitchell(float t) => [Kernel(1 + t), Kernel(t), Kernel(1 - t), Kernel(2 - t)];

    private static float Kernel(float x)
    {
        float x2 = x * x, x3 = x2 * x;
        return x < 1 ? (7 * x3 - 12 * x2 + 16f / 3) / 6 : (-7f / 3 * x3 + 12 * x2 - 20 * x + 32f / 3) / 6;
    }
}
