namespace PaT.Studies;

/// <summary>
/// How much better than the indicator someone would have done who knew the best epoch beforehand. The best of several noisy runs flatters itself,
/// so the epoch is chosen on the validation images of one half of the seeds and scored on the test images of the other half, both ways round.
/// </summary>
internal static class OracleRegret
{
    /// <summary>Chooses and scores.</summary>
    /// <param name="validation">Validation accuracy by seed and epoch.</param>
    /// <param name="test">Test accuracy by seed and epoch.</param>
    /// <param name="indicator">Test accuracy of the indicator's run by seed.</param>
    /// <returns>
    /// For each seed the epoch that the other half (the only seed itself, if there is one) calls best, and what it wins over the indicator,
    /// positive where the oracle is better. Only epochs that all seeds have are candidates.
    /// </returns>
    public static IReadOnlyList<(int Seed, int Epoch, double Regret)> Of(
        IReadOnlyDictionary<int, IReadOnlyDictionary<int, double>> validation,
        IReadOnlyDictionary<int, IReadOnlyDictionary<int, double>> test,
        IReadOnlyDictionary<int, double> indicator)
    {
        var seeds = validation.Keys.Where(s => test.ContainsKey(s) && indicator.ContainsKey(s)).Order().ToList();
        if (seeds.Count == 0)
        {
            return [];
        }

        var epochs = seeds.Select(s => validation[s].Keys.Intersect(test[s].Keys)).Aggregate((a, b) => a.Intersect(b)).Order().ToList();
        if (epochs.Count == 0)
        {
            return [];
        }

        var halves = seeds.Select((seed, i) => (seed, half: i % 2)).ToLookup(s => s.half, s => s.seed);
        return [.. seeds.Select((seed, i) =>
        {
            var choosers = seeds.Count == 1 ? seeds : halves[1 - (i % 2)];
            var epoch = epochs.MaxBy(e => choosers.Average(s => validation[s][e]));
            return (seed, epoch, test[seed][epoch] - indicator[seed]);
        })];
    }
}
