namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// A tree of Parzen estimators (Bergstra et al., NeurIPS 2011): the best quarter of the trials and the rest each become a density; of some points drawn from that of the best,
/// the one with the largest ratio of the two is tried, which is the one of the largest expected improvement. Axes are taken as independent.
/// </summary>
internal sealed class ParzenSampler(IReadOnlyList<SearchDimension> space, int trials, int seed) : ISampler
{
    private const double Gamma = 0.25; // of the paper: the fraction of trials that count as good
    private const int Candidates = 24; // of the authors' implementation

    private readonly Random _random = new(seed);

    /// <summary>Trials drawn evenly before there is something to learn from: a third, 4 to 10.</summary>
    private readonly int _even = Math.Clamp(trials / 3, 4, 10);

    public int Trials => trials;

    public double[] Next(IReadOnlyList<TriedPoint> tried)
    {
        var scored = tried.Where(t => t.Accuracy is not null).OrderByDescending(t => t.Accuracy).ToList();
        if (tried.Count < _even || scored.Count < 2) return [.. space.Select(_ => _random.NextDouble())];
        var best = scored.Take((int)Math.Ceiling(Gamma * scored.Count)).ToList();
        var (good, bad) = (Estimators(best), Estimators([.. tried.Except(best)]));
        var candidates = Enumerable.Range(0, Candidates).Select(_ => good.Select(axis => axis.Sample(_random)).ToArray()).ToList();
        return candidates.MaxBy(point => point.Select((x, axis) => Math.Log(good[axis].Density(x) / bad[axis].Density(x))).Sum())!;
    }

    private ParzenEstimator[] Estimators(IReadOnlyList<TriedPoint> points) =>
        [.. space.Select((axis, i) => new ParzenEstimator(axis.Choices, [.. points.Select(p => p.Point[i])]))];
}
