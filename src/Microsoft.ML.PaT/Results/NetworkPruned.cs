using System.Globalization;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT;

/// <summary>The last pruning step is done; the network is compact.</summary>
/// <param name="Dense">The cost of the network before the first channels were removed.</param>
/// <param name="Compact">Its cost now.</param>
public sealed record NetworkPruned(ModelReport Dense, ModelReport Compact) : RunEvent
{
    /// <summary>Epochs since the start of the run, fractions within an epoch.</summary>
    public required double At { get; init; }

    /// <inheritdoc/>
    public override string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"Pruned: {Dense.Parameters:N0} -> {Compact.Parameters:N0} parameters, " +
        $"{Dense.Macs / 1e6:F1} -> {Compact.Macs / 1e6:F1} million MACs.");
}
