using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>An image as raw pixels, [3,32,32], with its class.</summary>
public sealed class Row
{
    [VectorType(3 * 32 * 32)]
    public byte[] Image { get; set; } = [];

    public string Label { get; set; } = "";

    /// <summary>Images of noise: what is in them does not change how long scoring takes.</summary>
    public static List<Row> Noise(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var pixels = new byte[3 * 32 * 32];
            random.NextBytes(pixels);
            return new Row { Image = pixels, Label = $"class {i % 10}" };
        })];
    }
}

/// <summary>What a model says of an image.</summary>
public sealed class Scored
{
    public float[] Score { get; set; } = [];
}
