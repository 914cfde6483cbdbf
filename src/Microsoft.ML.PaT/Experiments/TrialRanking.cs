namespace Microsoft.ML.PaT.Experiments;

/// <summary>Which trials are the best.</summary>
internal static class TrialRanking
{
    /// <summary>The most accurate first; of equals the one with fewer multiply-accumulates, then fewer parameters, then the earlier one.</summary>
    public static IOrderedEnumerable<T> Ranked<T>(IEnumerable<T> trials) where T : PruningTrial => trials
        .OrderByDescending(t => t.Accuracy).ThenBy(t => t.Cost(TrialCost.Macs)).ThenBy(t => t.Cost(TrialCost.Parameters)).ThenBy(t => t.Number);

    /// <summary>The finished trials that no other one beats: none is at least as accurate and at most as costly in every way, and better in one.</summary>
    /// <param name="trials">The trials.</param>
    /// <param name="costs">The kinds of cost that count; at least one.</param>
    /// <returns>From the cheapest by the first kind to the costliest. Of trials that are equal in everything, the earliest.</returns>
    public static IReadOnlyList<T> ParetoFront<T>(IEnumerable<T> trials, IReadOnlyList<TrialCost> costs) where T : PruningTrial
    {
        var finished = trials.Where(t => t.State == TrialState.Finished).ToList();
        return [.. finished.Where(t => !finished.Exists(other => Beats(other, t))).OrderBy(t => t.Cost(costs[0])).ThenBy(t => t.Number)];

        bool Beats(T one, T other)
        {
            if (one.Accuracy < other.Accuracy || costs.Any(c => one.Cost(c) > other.Cost(c))) return false;
            return one.Accuracy > other.Accuracy || costs.Any(c => one.Cost(c) < other.Cost(c)) || one.Number < other.Number;
        }
    }
}
