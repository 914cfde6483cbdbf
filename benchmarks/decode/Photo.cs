namespace Microsoft.ML.PaT.Benchmark;

/// <summary>Milliseconds of CPU for one large photograph, whole and at a reduced scale.</summary>
internal static class Photo
{
    public static void Measure(int rounds)
    {
        Console.WriteLine("JPEG to 224x224 | ms of CPU, whole | ms of CPU, scaled | ratio");
        foreach (var (height, width) in new[] { (3000, 4000), (1200, 1600), (800, 1000), (700, 900), (600, 800),
            (520, 700) })
        {
            var file = Photographs.Synthetic(height, width, seed: 1);
            var shape = new ImageShape(3, 224, 224);
            Sample.Compare($"{width}x{height}, {file.Length / 1024} KB", rounds, () =>
                Cpu(() => Decoding.Whole(file, shape)), () => Cpu(() => Decoding.Scaled(file, shape)));
        }
    }

    private static double Cpu(Func<byte[]> decode)
    {
        const int repeats = 3;
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < repeats; i++) decode();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / repeats;
    }
}
