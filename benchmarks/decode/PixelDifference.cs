namespace Microsoft.ML.PaT.Benchmark;

/// <summary>
/// How far pixels decoded at a reduced scale lie from those of the whole image, both resized to the same target.
/// </summary>
internal static class PixelDifference
{
    public static void Measure(string archive)
    {
        Console.WriteLine("JPEG files | target | mean absolute difference of 0 to 255 | 99th percentile | largest");
        var photographs = Enumerable.Range(0, 10).Select(i => Photographs.Synthetic(1200, 1600, i)).ToArray();
        foreach (var side in new[] { 32, 64, 224, 299 }) Print("10 synthetic photographs, 1600x1200", photographs,
            side);
        var cifar = Photographs.Cifar(archive, "test", 300).Select(p => Photographs.Enlarged(p.File, 512)).ToArray();
        foreach (var side in new[] { 32, 64, 224 }) Print("300 of CIFAR-10 enlarged to 512x512", cifar, side);
    }

    private static void Print(string name, byte[][] files, int side)
    {
        var shape = new ImageShape(3, side, side);
        var differences = files.SelectMany(f =>
            Decoding.Scaled(f, shape).Zip(Decoding.Whole(f, shape), (a, b) => Math.Abs(a - b))).Order().ToArray();
        var percentile = differences[(int)(0.99 * differences.Length)];
        Console.WriteLine(FormattableString.Invariant(
            $"{name} | {side}x{side} | {differences.Average():F2} | {percentile} | {differences[^1]}"));
    }
}
