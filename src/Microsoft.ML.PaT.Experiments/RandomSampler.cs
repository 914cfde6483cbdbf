namespace Microsoft.ML.PaT.Experiments;

/// <summary>Draws points uniformly.</summary>
internal sealed class RandomSampler(IReadOnlyList<SearchDimension> space, int trials, int seed) : ISampler
{
    private readonly Random _random = new(seed);

    public int Trials => trials;

    public IEnumerable<double[]> Next(IReadOnlyList<TriedPoint> tried)
    {
        while (true) yield return [.. space.Select(_ => _random.NextDouble())];
    }
}
