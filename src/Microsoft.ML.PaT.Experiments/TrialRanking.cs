namespace Microsoft.ML.PaT.Experiments;

internal static class TrialRanking
{
    /// <summary>
    /// Orders trials by accuracy, then by fewer multiply-accumulates, then by fewer parameters, then by number.
    /// </summary>
    public static IOrderedEnumerable<T> Ranked<T>(IEnumerable<T> trials)
        where T : PruningTrial =>
        trials.OrderByDescending(t => t.Accuracy)
            .ThenBy(t => t.Cost(TrialCost.Macs))
            .ThenBy(t => t.Cost(TrialCost.Parameters))
            .ThenBy(t => t.Number);

    /// <summary>
    /// Returns the Pareto-optimal finished trials: no other trial is at least as accurate, at most as costly in every
    /// respect, and better in one.
    /// </summary>
    /// <returns>In ascending order of the first cost. Of trials with equal values, the first.</returns>
    public static IReadOnlyList<T> ParetoFront<T>(IEnumerable<T> trials, IReadOnlyList<TrialCost> costs)
        where T : PruningTrial
    {
        var finished = trials.Where(t => t.State == TrialState.Finished).ToList();
        return
        [
            .. finished
                .Where(t => !finished.Exists(other => Beats(other, t)))
                .OrderBy(t => t.Cost(costs[0]))
                .ThenBy(t => t.Number),
        ];

        bool Beats(T one, T other)
        {
            if (one.Accuracy < other.Accuracy || costs.Any(c => one.Cost(c) > other.Cost(c))) return false;
            return one.Accuracy > other.Accuracy
                || costs.Any(c => one.Cost(c) < other.Cost(c))
                || one.Number < other.Number;
        }
    }
}
