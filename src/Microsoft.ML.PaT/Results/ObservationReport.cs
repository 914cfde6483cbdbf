namespace Microsoft.ML.PaT.Reporting;

/// <summary>One look of the policy at the network.</summary>
/// <param name="At">When, in epochs since the start (fractions within an epoch).</param>
/// <param name="Counts">Channels of each prunable convolution that the sub-network keeps, in the order of <see cref="RunReport.Widths"/>; one for each group where the policy counts groups.</param>
/// <param name="Psi">Similarity to the structure one observation before, 0 to 1; null for the first.</param>
/// <param name="Epi">The indicator; null until it is defined.</param>
/// <param name="Tau">The threshold it is held against; null for policies that have none.</param>
/// <param name="Decision">What the policy decided.</param>
/// <param name="Reason">Why, one sentence.</param>
public sealed record ObservationReport(double At, IReadOnlyList<int> Counts, double? Psi, double? Epi, double? Tau, PruningDecision Decision, string Reason)
{
    /// <summary>How much the identity of the kept channels changed since the observation before: 1 - |both keep| / |one or the other keeps|, 0 to 1; null for the first.</summary>
    public double? Churn { get; init; }

    /// <summary>Which channels are kept, in base 64: one bit a channel, group after group, the first channel in the lowest bit of the first byte; null in old reports.</summary>
    public string? Kept { get; init; }
}
