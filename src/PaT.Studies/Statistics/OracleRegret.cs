namespace PaT.Studies;

/// <summary>
/// The accuracy that the best epoch of pruning, known in advance, would gain over the indicator. The best of several
/// noisy runs is biased, so the validation images of one half of the seeds choose the epoch, and the test images of the
/// other half score it, both ways.
/// </summary>
internal static class OracleRegret
{
    /// <param name="validation">Validation accuracy by seed and epoch.</param>
    /// <param name="test">Test accuracy by seed and epoch.</param>
    /// <returns>For each seed the epoch that the other half chooses (a single seed chooses its own), and its gain over
    /// the indicator, positive if the oracle is better. Only epochs that all seeds have are candidates.</returns>
    public static IReadOnlyList<(int Seed, int Epoch, double Regret)> Of(
        IReadOnlyDictionary<int, IReadOnlyDictionary<int, double>> validation,
        IReadOnlyDictionary<int, IReadOnlyDictionary<int, double>> test,
        IReadOnlyDictionary<int, double> indicator)
    {
        var seeds = validation.Keys.Where(s => test.ContainsKey(s) && indicator.ContainsKey(s)).Order().ToList();
        if (seeds.Count == 0) return [];
        var common = seeds.Select(s => validation[s].Keys.Intersect(test[s].Keys)).Aggregate((a, b) => a.Intersect(b));
        var epochs = common.Order().ToList();
        if (epochs.Count == 0) return [];
        var halves = seeds.Select((seed, i) => (seed, half: i % 2)).ToLookup(s => s.half, s => s.seed);
        return [.. seeds.Select((seed, i) =>
        {
            var choosers = seeds.Count == 1 ? seeds : halves[1 - (i % 2)];
            var epoch = epochs.MaxBy(e => choosers.Average(s => validation[s][e]));
            return (seed, epoch, test[seed][epoch] - indicator[seed]);
        })];
    }
}
