using System.Text.Json.Serialization;
using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>One observation of the sub-network by the policy.</summary>
/// <param name="At">Epochs since the start, fractions within an epoch.</param>
/// <param name="Counts">
/// Channels that the sub-network keeps of each prunable layer, in the order of <see cref="RunReport.Widths"/>; of each
/// group if the policy counts groups.
/// </param>
/// <param name="Psi">Similarity to the structure of the observation before, 0 to 1; null for the first.</param>
/// <param name="Epi">The Early Pruning Indicator; null until it is defined.</param>
/// <param name="Tau">The threshold that the indicator is compared with; null for policies without one.</param>
/// <param name="Prune">Whether the policy decided to prune.</param>
/// <param name="Reason">Reason in one sentence.</param>
public sealed record ObservationReport(
    double At, IReadOnlyList<int> Counts, double? Psi, double? Epi, double? Tau,
    [property: JsonPropertyName("decision"), JsonConverter(typeof(PruningDecisionJson))] bool Prune, string Reason)
{
    /// <summary>
    /// How much the identity of the kept channels changed since the observation before: 1 - |both keep| / |one or the
    /// other keeps|, 0 to 1; null for the first.
    /// </summary>
    public double? Churn { get; init; }

    /// <summary>
    /// The kept channels in base 64: one bit per channel, group after group, the first channel in the lowest bit of the
    /// first byte.
    /// </summary>
    public string? Kept { get; init; }
}
