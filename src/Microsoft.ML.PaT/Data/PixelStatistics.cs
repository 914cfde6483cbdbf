using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Mean and standard deviation of each channel over all pixels of all images. Computed from a histogram of the 256
/// values, so the result is exact and does not depend on the number of threads.
/// </summary>
internal static class PixelStatistics
{
    private const int BlockBytes = 16 << 20;

    public static Normalization Of(ImageDataset images)
    {
        var histogram = new long[images.Shape.Channels][];
        for (var c = 0; c < histogram.Length; c++) histogram[c] = new long[256];
        var plane = images.Shape.Height * images.Shape.Width;
        var block = Math.Clamp(BlockBytes / images.Shape.Size, 1, 1024);
        Blocks.ForEach(images.Count, block, CancellationToken.None, (start, count) =>
        {
            var counts = new long[images.Shape.Channels * 256];
            using var rows = images.Read(start, count);
            var bytes = rows.bytes;
            for (var at = 0; at < bytes.Length; at += plane)
            {
                var own = counts.AsSpan(at / plane % images.Shape.Channels * 256, 256);
                foreach (var value in bytes.Slice(at, plane)) own[value]++;
            }
            lock (histogram)
            {
                for (var i = 0; i < counts.Length; i++) histogram[i / 256][i % 256] += counts[i];
            }
        });

        var mean = new float[images.Shape.Channels];
        var deviation = new float[images.Shape.Channels];
        for (var c = 0; c < mean.Length; c++)
        {
            double total = Math.Max(1, histogram[c].Sum()), sum = 0, squares = 0;
            for (var v = 0; v < 256; v++) sum += (double)v * histogram[c][v];
            var m = sum / total;
            for (var v = 0; v < 256; v++) squares += (v - m) * (v - m) * histogram[c][v];
            mean[c] = (float)(m / 255);
            // The deviation of a constant channel is 0. One gray level instead avoids a division by zero.
            deviation[c] = (float)Math.Max(Math.Sqrt(squares / total) / 255, 1.0 / 255);
        }
        return new(mean, deviation);
    }
}
