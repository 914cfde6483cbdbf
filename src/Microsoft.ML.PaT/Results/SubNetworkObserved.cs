using System.Globalization;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT;

/// <summary>The policy has observed the sub-network and decided whether to prune.</summary>
/// <param name="Observation">What it observed, as in <see cref="RunReport.Observations"/>.</param>
public sealed record SubNetworkObserved(ObservationReport Observation) : RunEvent
{
    /// <inheritdoc/>
    public override string Text => string.Create(CultureInfo.InvariantCulture,
        $"Observed the sub-network after {Observation.At:0.##} epochs: {(Observation.Prune ? "prune" : "wait")}, " +
        $"{Observation.Reason}.");
}
