using System.Diagnostics;

namespace Microsoft.ML.PaT;

/// <summary>
/// Watches the dominant sub-network of a network in training for a policy: gathers scores, ranks, lets the policy decide, keeps a record,
/// and makes the plan when the moment has come.
/// </summary>
internal sealed class SubNetworkObserver : IDisposable
{
    /// <summary>Batches whose gradients score a network that has not trained yet.</summary>
    private const int ProbeBatches = 20;

    private readonly PruningOptions _options;
    private readonly PolicyWatch _policy;
    private readonly ChannelGroups _groups;
    private readonly TrainableNetwork _network;
    private readonly TaylorImportance? _taylor;
    private readonly List<ObservationReport> _record = [];
    private readonly Stopwatch _clock = new();
    private ChannelScores? _scores;

    public SubNetworkObserver(PruningOptions options, PolicyWatch policy, ChannelGroups groups, TrainableNetwork network)
    {
        (_options, _policy, _groups, _network) = (options, policy, groups, network);
        if (options.Criterion == ImportanceCriterion.Taylor) _taylor = new(groups, network.Norms, options.Reduction);
    }

    /// <summary>Everything seen so far.</summary>
    public IReadOnlyList<ObservationReport> Record => _record;

    /// <summary>Seconds spent on scores, ranking and the indicator.</summary>
    public double Seconds => _clock.Elapsed.TotalSeconds;

    /// <summary>The last indicator; null while it is not defined.</summary>
    public double? Epi => _record.Count > 0 ? _record[^1].Epi : null;

    /// <summary>Looks at the network before its first step: magnitudes are known then, gradients are not unless they are asked for.</summary>
    /// <param name="loop">Makes the gradients.</param>
    /// <param name="augmentation">Makes the input.</param>
    /// <param name="pruneNow">Whether the policy prunes at initialisation, so that scores are needed.</param>
    /// <returns>The decision; null when there was nothing to look at.</returns>
    public PolicyDecision? ObserveInitialisation(TrainingLoop loop, BatchAugmentation augmentation, bool pruneNow)
    {
        if (_taylor is not null)
        {
            if (!pruneNow) return null;
            loop.Probe(_network, augmentation, ProbeBatches, Gather);
        }
        return Observe(0);
    }

    /// <summary>Takes in the gradients of a batch.</summary>
    public void Gather()
    {
        if (_taylor is null) return;
        _clock.Start();
        _taylor.Gather(_network.Norms);
        _clock.Stop();
    }

    /// <summary>Ranks the channels and lets the policy decide.</summary>
    /// <param name="at">When, in epochs since the start.</param>
    public PolicyDecision Observe(double at)
    {
        _clock.Start();
        var flat = _taylor?.Score(_policy.ObservationsPerEpoch) ?? MagnitudeImportance.Score(_groups, _network.Tensors);
        _scores = ChannelScores.Of(_groups, flat, _options.Normalization);
        var counts = ChannelRanking.Keep(_groups, _scores, _options.Target.Share, step: 1).Counts(_groups);
        var decision = _policy.Observe(at, counts);
        _record.Add(new(at, counts, Defined(decision.Psi), Defined(decision.Epi), decision.Tau, decision.Prune ? "prune" : "wait", decision.Reason));
        _clock.Stop();
        return decision;
    }

    /// <summary>The plan by the last scores, with widths rounded as asked for.</summary>
    public PruningPlan Plan() => ChannelRanking.Keep(_groups, _scores!, _options.Target.Share, _options.RoundTo);

    public void Dispose() => _taylor?.Dispose();

    private static double? Defined(double value) => double.IsNaN(value) ? null : value;
}
