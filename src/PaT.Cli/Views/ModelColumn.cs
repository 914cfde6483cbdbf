using Microsoft.ML.PaT.Reporting;

namespace PaT.Cli;

/// <summary>A model in the table of results; unknown values are null.</summary>
/// <param name="Cost">Parameters, MACs and latency.</param>
/// <param name="ImagesPerSecond">Median training speed over its epochs.</param>
/// <param name="Accuracy">Accuracy on the test images, fraction 0 to 1.</param>
/// <param name="Seconds">Seconds of its whole run.</param>
internal sealed record ModelColumn(
    string Title, ModelReport Cost, double? ImagesPerSecond, double? Accuracy, double? Seconds)
{
    /// <summary>The columns of a run: dense and compact, or only dense if nothing was pruned.</summary>
    /// <param name="reference">The dense run that gives the dense accuracy and seconds; null for none.</param>
    public static IEnumerable<ModelColumn> Of(RunReport report, RunReport? reference)
    {
        var dense = reference ?? (report.Compact is null ? report : null);
        var speed = (reference ?? report).ImagesPerSecond(TrainingPhase.Dense);
        yield return new ModelColumn("dense", report.Dense, speed, dense?.Test?.Accuracy, dense?.Seconds.Total);
        if (report.Compact is not { } compact) yield break;
        yield return new ModelColumn(
            "compact", compact, report.ImagesPerSecond(TrainingPhase.Compact), report.Test?.Accuracy,
            report.Seconds.Total);
    }
}
