namespace Microsoft.ML.PaT;

/// <summary>A policy at work: sees the sub-network at fixed moments of one run and decides.</summary>
internal abstract class PolicyWatch
{
    /// <summary>Moments an epoch at which it looks, evenly spread, the last one at its end.</summary>
    public abstract int ObservationsPerEpoch { get; }

    /// <summary>Looks at the sub-network.</summary>
    /// <param name="at">When, in epochs since the start.</param>
    /// <param name="counts">Channels that each prunable layer keeps.</param>
    public abstract PolicyDecision Observe(double at, IReadOnlyList<int> counts);
}

/// <summary>What a policy saw and decided.</summary>
/// <param name="Prune">Whether this is the moment.</param>
/// <param name="Psi">Similarity to the structure one observation before; NaN for the first.</param>
/// <param name="Epi">The indicator; NaN until it is defined.</param>
/// <param name="Tau">The threshold; null for policies that have none.</param>
/// <param name="Reason">Why, one sentence.</param>
internal sealed record PolicyDecision(bool Prune, double Psi, double Epi, double? Tau, string Reason);
