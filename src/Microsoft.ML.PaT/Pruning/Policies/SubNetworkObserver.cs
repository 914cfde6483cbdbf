using System.Diagnostics;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>Watches the dominant sub-network of the dense network for a policy: ranks the channels, lets the policy decide, and keeps the record.</summary>
internal sealed class SubNetworkObserver(TargetPlanner planner, PolicyWatch policy, ChannelScorer scorer)
{
    private readonly List<ObservationReport> _record = [];
    private readonly Stopwatch _clock = new();
    private double _secondsBefore;

    /// <summary>Everything seen so far.</summary>
    public IReadOnlyList<ObservationReport> Record => _record;

    /// <summary>Seconds spent on scores, ranking and the indicator.</summary>
    public double Seconds => _secondsBefore + _clock.Elapsed.TotalSeconds;

    /// <summary>The last indicator; null while it is not defined.</summary>
    public double? Epi => _record.Count > 0 ? _record[^1].Epi : null;

    /// <summary>The last indicator within an epoch; null where it was not defined or nobody looked.</summary>
    public double? LastEpiOfEpoch(int epoch) => _record.LastOrDefault(o => o.At > epoch && o.At <= epoch + 1)?.Epi;

    /// <summary>The scores of the last observation.</summary>
    public ChannelScores? Scores { get; private set; }

    /// <summary>Goes on from a record: the policy sees again what it saw.</summary>
    /// <param name="record">Everything seen before.</param>
    /// <param name="seconds">Seconds spent on it.</param>
    public void Restore(IReadOnlyList<ObservationReport> record, double seconds)
    {
        // Once it has pruned, a policy is asked no more; the network then has other channels than those of the record.
        if (record.All(seen => seen.Decision == "wait"))
        {
            var channels = scorer.Groups.Groups.Sum(g => g.Width);
            foreach (var seen in record) policy.Observe(seen.At, seen.Counts, ChannelMask.Parse(seen.Kept!, channels));
        }
        _record.AddRange(record);
        _secondsBefore = seconds;
    }

    /// <summary>Looks at the network before its first step: weights are known then, gradients of training are not unless they are asked for.</summary>
    /// <param name="pruneNow">Whether the policy prunes at initialization, so that scores are needed.</param>
    /// <returns>The decision; null when there was nothing to look at.</returns>
    public PolicyDecision? ObserveInitialization(bool pruneNow) => scorer.NeedsGradients && !pruneNow ? null : Observe(0);

    /// <summary>Takes in the gradients of a batch.</summary>
    public void Gather()
    {
        _clock.Start();
        scorer.Gather();
        _clock.Stop();
    }

    /// <summary>Ranks the channels and lets the policy decide.</summary>
    /// <param name="at">When, in epochs since the start.</param>
    public PolicyDecision Observe(double at)
    {
        _clock.Start();
        Scores = scorer.Score(policy.ObservationsPerEpoch); // the mean over the last epoch, however often it is looked at
        var groups = scorer.Groups;
        var plan = planner.Watch(groups, Scores);
        var counts = policy.CountsGroups ? [.. groups.Groups.Select(g => plan.Kept[g.Name].Length)] : plan.Counts(groups);
        var kept = ChannelMask.Of(plan, groups);
        var seen = policy.Observe(at, counts, kept);
        _record.Add(new(at, counts, Defined(seen.Psi), Defined(seen.Epi), Defined(seen.Tau), seen.Prune ? "prune" : "wait", seen.Reason) { Churn = seen.Churn, Kept = kept.ToString() });
        _clock.Stop();
        return seen;
    }

    private static double? Defined(double? value) => value is { } number && !double.IsNaN(number) ? number : null;
}
