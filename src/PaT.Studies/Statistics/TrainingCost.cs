using Microsoft.ML.PaT.Reporting;

namespace PaT.Studies;

/// <summary>What training costs in multiply-accumulates, whatever the machine: the unit is an epoch of the dense network.</summary>
internal static class TrainingCost
{
    /// <summary>The cost of a run as its report counted it, step by step; as estimated where the run goes on from a checkpoint of a version that did not count.</summary>
    /// <param name="report">The run.</param>
    public static double MacEpochs(RunReport report) =>
        report.MacEpochs ?? Estimate(report.Epochs.Count, PrunedAt(report), report.Dense.Macs, (report.Compact ?? report.Dense).Macs);

    /// <summary>The cost of a run that is cut once.</summary>
    /// <param name="epochs">Its epochs.</param>
    /// <param name="prunedAt">Epochs before the cut; null for none.</param>
    /// <param name="denseMacs">Multiply-accumulates of the dense network for one image.</param>
    /// <param name="compactMacs">Those of the compact network.</param>
    /// <returns>p + (T - p) * compact / dense. Backward passes are about twice the forward pass in both phases, so the ratio holds for them too.</returns>
    public static double Estimate(double epochs, double? prunedAt, long denseMacs, long compactMacs) =>
        prunedAt is { } pruned ? pruned + ((epochs - pruned) * compactMacs / denseMacs) : epochs;

    /// <summary>Epochs until the first channel went, with fractions; null when none went.</summary>
    /// <param name="report">The run.</param>
    public static double? PrunedAt(RunReport report) =>
        report.PruneEpoch is null ? null : report.Observations.LastOrDefault(o => o.Decision == PruningDecision.Prune)?.At ?? report.PruneEpoch;
}
