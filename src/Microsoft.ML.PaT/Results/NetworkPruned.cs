using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT;

/// <summary>The last channels are removed: the network is compact.</summary>
/// <param name="Dense">The cost of the network before the first channels were removed.</param>
/// <param name="Compact">Its cost now.</param>
public sealed record NetworkPruned(ModelReport Dense, ModelReport Compact) : RunEvent
{
    /// <inheritdoc/>
    public override string Text => FormattableString.Invariant(
        $"Pruned: {Dense.Parameters:N0} -> {Compact.Parameters:N0} parameters, {Dense.Macs / 1e6:F1} -> {Compact.Macs / 1e6:F1} million MACs.");
}
