namespace Microsoft.ML.PaT;

/// <summary>One look of the policy at the network.</summary>
/// <param name="At">When, in epochs since the start (fractions within an epoch).</param>
/// <param name="Counts">Channels of each prunable convolution that the sub-network keeps, in the order of <see cref="RunReport.Widths"/>.</param>
/// <param name="Psi">Similarity to the structure one observation before, 0 to 1; null for the first.</param>
/// <param name="Epi">The indicator; null until it is defined.</param>
/// <param name="Tau">The threshold it is held against; null for policies that have none.</param>
/// <param name="Decision"><c>wait</c> or <c>prune</c>.</param>
/// <param name="Reason">Why, one sentence.</param>
public sealed record ObservationReport(double At, IReadOnlyList<int> Counts, double? Psi, double? Epi, double? Tau, string Decision, string Reason);
