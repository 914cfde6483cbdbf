using System.Diagnostics;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>
/// Microseconds for a JPEG file that already has the size of the network's input, on one thread: nothing is scaled.
/// </summary>
internal static class Throughput
{
    public static void Measure(int rounds)
    {
        Console.WriteLine("JPEG of the target's size | us, MLImage | us, ImageDecoder | ratio");
        foreach (var side in new[] { 32, 224 })
        {
            var files = Enumerable.Range(0, 100).Select(i => Photographs.Synthetic(side, side, i)).ToArray();
            var shape = new ImageShape(3, side, side);
            var repeats = side == 32 ? 20 : 1;
            Sample.Compare($"{side}x{side}", rounds, () => Time(Decoding.Whole), () => Time(Decoding.Scaled));

            double Time(Func<byte[], ImageShape, byte[]> decode)
            {
                var clock = Stopwatch.StartNew();
                for (var i = 0; i < repeats * files.Length; i++) decode(files[i % files.Length], shape);
                return clock.Elapsed.TotalMicroseconds / (repeats * files.Length);
            }
        }
    }
}
