namespace PaT.Studies;

/// <summary>
/// The accuracy that the best epoch of pruning, known in advance, would gain over the indicator. Validation images
/// choose the epoch, and test images score it.
/// </summary>
/// <param name="Epoch">The oracle's epoch; null without an epoch that all seeds have.</param>
/// <param name="Regrets">Gain over the indicator at that epoch for each seed, fraction; positive if the oracle is
/// better.</param>
/// <param name="LeftOut">For each seed the epoch that the other seeds choose (a single seed chooses its own), and the
/// gain there. The best of several noisy epochs flatters itself on the seeds that chose it; here it cannot.</param>
internal sealed record OracleRegret(
    int? Epoch, IReadOnlyList<double> Regrets, IReadOnlyList<(int Epoch, double Regret)> LeftOut)
{
    /// <param name="validation">Validation accuracy by seed and epoch.</param>
    /// <param name="test">Test accuracy by seed and epoch.</param>
    /// <param name="indicator">Test accuracy of the indicator's run by seed.</param>
    public static OracleRegret Of(
        IReadOnlyDictionary<int, IReadOnlyDictionary<int, double>> validation,
        IReadOnlyDictionary<int, IReadOnlyDictionary<int, double>> test,
        IReadOnlyDictionary<int, double> indicator)
    {
        var seeds = validation.Keys.Where(s => test.ContainsKey(s) && indicator.ContainsKey(s)).Order().ToList();
        var epochs = seeds.Select(s => validation[s].Keys.Intersect(test[s].Keys))
            .DefaultIfEmpty([])
            .Aggregate((a, b) => a.Intersect(b))
            .Order()
            .ToList();
        if (epochs.Count == 0) return new(null, [], []);
        var best = Best(seeds);
        return new(
            best,
            [.. seeds.Select(seed => test[seed][best] - indicator[seed])],
            [.. seeds.Select(seed =>
            {
                var epoch = Best(seeds.Count == 1 ? seeds : [.. seeds.Where(other => other != seed)]);
                return (epoch, test[seed][epoch] - indicator[seed]);
            })]);

        int Best(List<int> choosers) => epochs.MaxBy(e => choosers.Average(s => validation[s][e]));
    }
}
