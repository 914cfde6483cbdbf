namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>What a policy saw and decided.</summary>
/// <param name="Prune">Whether this is the moment.</param>
/// <param name="Psi">Similarity to the structure one observation before; NaN for the first.</param>
/// <param name="Epi">The indicator; NaN until it is defined.</param>
/// <param name="Churn">How much the identity of the kept channels changed since the observation before; null for the first.</param>
/// <param name="Tau">The threshold; null for policies that have none; NaN until it is defined.</param>
/// <param name="Reason">Why, one sentence.</param>
internal sealed record PolicyDecision(bool Prune, double Psi, double Epi, double? Churn, double? Tau, string Reason);
