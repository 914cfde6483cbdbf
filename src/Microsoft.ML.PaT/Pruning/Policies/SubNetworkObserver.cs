using System.Diagnostics;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>Ranks the channels of the dense network, lets the policy decide about the sub-network, and keeps the record.</summary>
internal sealed class SubNetworkObserver(TargetPlanner planner, PruningPolicy policy, ChannelScorer scorer, TrainingOptions training)
{
    private readonly PolicyHistory _history = new(policy, training);
    private readonly List<ObservationReport> _record = [];
    private readonly Stopwatch _clock = new();
    private double _secondsBefore;

    /// <summary>All observations so far.</summary>
    public IReadOnlyList<ObservationReport> Record => _record;

    /// <summary>Seconds spent on scores, ranking and the indicator.</summary>
    public double Seconds => _secondsBefore + _clock.Elapsed.TotalSeconds;

    /// <summary>The last indicator; null until it is defined.</summary>
    public double? Epi => _record.Count > 0 ? _record[^1].Epi : null;

    /// <summary>The scores of the last observation.</summary>
    public ChannelScores? Scores { get; private set; }

    /// <summary>The last indicator within an epoch; null where it was not defined or there was no observation.</summary>
    public double? LastEpiOfEpoch(int epoch) => _record.LastOrDefault(o => o.At > epoch && o.At <= epoch + 1)?.Epi;

    /// <inheritdoc cref="PolicyHistory.NextStep"/>
    public int NextStep(int step, int steps) => _history.NextStep(step, steps);

    /// <param name="record">All observations of the interrupted run.</param>
    /// <param name="seconds">Seconds spent on them.</param>
    public void Restore(IReadOnlyList<ObservationReport> record, double seconds)
    {
        // After pruning the policy is not asked again, and the network has other channels than those of the record.
        if (record.All(seen => seen.Decision == PruningDecision.Wait))
        {
            var channels = scorer.Groups.Groups.Sum(g => g.Width);
            foreach (var seen in record) _history.Add(seen.At, seen.Counts, ChannelMask.Parse(seen.Kept!, channels));
        }
        _record.AddRange(record);
        _secondsBefore = seconds;
    }

    /// <summary>Observes the network before its first step, where scores are available or needed.</summary>
    /// <param name="pruneNow">Whether the policy prunes at initialization, so that scores are needed.</param>
    /// <returns>The decision; null where scores would need gradients of training.</returns>
    public PolicyDecision? ObserveInitialization(bool pruneNow) => scorer.NeedsGradients && !pruneNow ? null : Observe(0);

    /// <summary>Adds the gradients of a batch to the scores.</summary>
    public void Gather()
    {
        _clock.Start();
        scorer.Gather();
        _clock.Stop();
    }

    /// <summary>Ranks the channels and lets the policy decide.</summary>
    /// <param name="at">Epochs since the start.</param>
    public PolicyDecision Observe(double at)
    {
        _clock.Start();
        Scores = scorer.Score(_history.ObservationsPerEpoch); // the mean over the last epoch, whatever the pace
        var groups = scorer.Groups;
        var plan = planner.Watch(groups, Scores);
        var counts = policy.CountsGroups ? [.. groups.Groups.Select(g => plan.Kept[g.Name].Length)] : plan.Counts(groups);
        var kept = ChannelMask.Of(plan, groups);
        var seen = _history.Add(at, counts, kept);
        var decision = _history.Decide();
        var tau = decision.Tau is { } value && !double.IsNaN(value) ? decision.Tau : null;
        var decided = decision.Prune ? PruningDecision.Prune : PruningDecision.Wait;
        _record.Add(new(at, counts, seen.Psi, seen.Epi, tau, decided, decision.Reason) { Churn = seen.Churn, Kept = kept.ToString() });
        _clock.Stop();
        return decision;
    }
}
