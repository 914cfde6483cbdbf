namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>
/// A policy at work: sees the sub-network at fixed moments of one run and decides. Its state follows from what it was shown, so a new one that
/// is shown the same is the same: interrupted runs rely on it.
/// </summary>
/// <param name="window">Predecessors that the indicator compares with.</param>
internal abstract class PolicyWatch(int window = 5)
{
    // Every policy logs the indicator and the churn, so that its choice can be judged afterwards.
    private readonly EarlyPruningIndicator _indicator = new(window);
    private ChannelMask? _last;

    /// <summary>Moments an epoch at which it looks, evenly spread, the last one at its end.</summary>
    public abstract int ObservationsPerEpoch { get; }

    /// <summary>Whether counts are one a group of coupled layers, not one a layer.</summary>
    public virtual bool CountsGroups => false;

    /// <summary>Looks at the sub-network.</summary>
    /// <param name="at">When, in epochs since the start.</param>
    /// <param name="counts">Channels that each prunable layer (or group, see <see cref="CountsGroups"/>) keeps.</param>
    /// <param name="kept">Which channels they are.</param>
    public PolicyDecision Observe(double at, IReadOnlyList<int> counts, ChannelMask kept)
    {
        var epi = _indicator.Observe(counts);
        double? churn = _last is null ? null : kept.Churn(_last);
        _last = kept;
        var (prune, reason, tau) = Decide(new(at, _indicator.Psi, epi, kept));
        return new(prune, _indicator.Psi, epi, churn, tau, reason);
    }

    /// <summary>The step of an epoch before which it looks next.</summary>
    /// <param name="step">The present step, from 0.</param>
    /// <param name="steps">Steps of an epoch.</param>
    public int NextLook(int step, int steps) =>
        Enumerable.Range(1, ObservationsPerEpoch).Select(look => (int)Math.Round((double)steps * look / ObservationsPerEpoch)).First(next => next > step);

    /// <summary>Decides on what it sees.</summary>
    protected abstract Verdict Decide(Observation seen);

    /// <summary>A moment of the run.</summary>
    /// <param name="At">When, in epochs since the start.</param>
    /// <param name="Psi">Similarity to the structure one observation before; NaN for the first.</param>
    /// <param name="Epi">The indicator; NaN until it is defined.</param>
    /// <param name="Kept">The channels that the sub-network keeps.</param>
    protected internal sealed record Observation(double At, double Psi, double Epi, ChannelMask Kept);

    /// <summary>What comes of it.</summary>
    /// <param name="Prune">Whether this is the moment.</param>
    /// <param name="Reason">Why, one sentence.</param>
    /// <param name="Tau">The threshold on the indicator; null for policies that have none.</param>
    protected internal sealed record Verdict(bool Prune, string Reason, double? Tau = null);
}
