namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Tree-structured Parzen estimator (Bergstra et al., NeurIPS 2011). The best quarter of the trials and the rest each
/// give a density. Of several points drawn from the first density, the sampler proposes those with the largest ratio of
/// the two densities first, which maximizes the expected improvement. If all of them are earlier trials, it draws
/// uniformly. Axes are treated as independent.
/// </summary>
internal sealed class ParzenSampler(IReadOnlyList<SearchDimension> space, int trials, int seed) : ISampler
{
    private const double Gamma = 0.25; // as in the paper: the fraction of trials that count as good
    private const int Candidates = 24; // as in the authors' implementation

    private readonly Random _random = new(seed);

    /// <summary>Uniform draws before the densities are used: a third of the trials, 4 to 10.</summary>
    private readonly int _even = Math.Clamp(trials / 3, 4, 10);

    public int Trials => trials;

    public IEnumerable<double[]> Next(IReadOnlyList<TriedPoint> tried)
    {
        foreach (var point in Ranked(tried)) yield return point;
        while (true) yield return [.. space.Select(_ => _random.NextDouble())];
    }

    /// <summary>Points drawn from the density of the good trials, the best first; none before it is used.</summary>
    private IEnumerable<double[]> Ranked(IReadOnlyList<TriedPoint> tried)
    {
        var scored = tried.Where(t => t.Accuracy is not null).OrderByDescending(t => t.Accuracy).ToList();
        if (tried.Count < _even || scored.Count < 2) return [];
        var best = scored.Take((int)Math.Ceiling(Gamma * scored.Count)).ToList();
        var (good, bad) = (Estimators(best), Estimators([.. tried.Except(best)]));
        var candidates =
            Enumerable.Range(0, Candidates).Select(_ => good.Select(axis => axis.Sample(_random)).ToArray()).ToList();
        return candidates.OrderByDescending(point =>
            point.Select((x, axis) => Math.Log(good[axis].Density(x) / bad[axis].Density(x))).Sum());
    }

    private ParzenEstimator[] Estimators(IReadOnlyList<TriedPoint> points) =>
        [.. space.Select((axis, i) => new ParzenEstimator(axis.Choices, [.. points.Select(p => p.Point[i])]))];
}
