using System.Diagnostics;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>
/// Ranks the channels of the dense network and passes the sub-network to the policy. The clock measures this time.
/// </summary>
internal sealed class SubNetworkObserver(
    TargetPlanner planner, PruningPolicy policy, ChannelScorer scorer, TrainingOptions training, Stopwatch clock)
{
    private readonly PolicyHistory _history = new(policy, training);

    public ChannelScores? Scores { get; private set; }

    public int NextStep(int step, int steps) => _history.NextStep(step, steps);

    /// <param name="record">All observations of the interrupted run, which has not pruned.</param>
    public void Restore(IReadOnlyList<ObservationReport> record)
    {
        var channels = scorer.Groups.Groups.Sum(g => g.Width);
        foreach (var seen in record) _history.Add(seen.At, seen.Counts, ChannelMask.Parse(seen.Kept!, channels));
    }

    /// <summary>Observes the network before its first step, if scores are available or required.</summary>
    /// <param name="pruneNow">Whether the policy prunes at initialization, which requires scores.</param>
    /// <param name="steps">Steps of an epoch.</param>
    /// <returns>Null if the scores need gradients of training.</returns>
    public ObservationReport? ObserveInitialization(bool pruneNow, int steps) =>
        scorer.NeedsGradients && !pruneNow ? null : Observe(0, steps);

    /// <summary>Adds the gradients of a batch to the scores.</summary>
    public void Gather()
    {
        clock.Start();
        scorer.Gather();
        clock.Stop();
    }

    /// <param name="at">Epochs since the start.</param>
    /// <param name="steps">Steps of an epoch.</param>
    public ObservationReport Observe(double at, int steps)
    {
        clock.Start();
        // The mean over the last epoch, which has no more observations than steps.
        Scores = scorer.Score(Math.Min(_history.ObservationsPerEpoch, steps));
        var groups = scorer.Groups;
        var plan = planner.Watch(groups, Scores);
        var counts = policy.CountsGroups
            ? [.. groups.Groups.Select(g => plan.Kept[g.Name].Length)]
            : plan.Counts(groups);
        var kept = ChannelMask.Of(plan, groups);
        var seen = _history.Add(at, counts, kept);
        var decided = _history.Decide();
        clock.Stop();
        return new(at, counts, seen.Psi, seen.Epi, decided.Tau, decided.Prune, decided.Reason)
        {
            Churn = seen.Churn, Kept = kept.ToString(),
        };
    }
}
