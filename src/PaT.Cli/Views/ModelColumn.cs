using Microsoft.ML.PaT.Reporting;

namespace PaT.Cli;

/// <summary>One model in the table of results; what is not known is null.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Cost">Parameters, MACs and latency.</param>
/// <param name="ImagesPerSecond">Median training images a second over its epochs.</param>
/// <param name="Accuracy">Accuracy on the test images, fraction 0 to 1.</param>
/// <param name="Seconds">Seconds of its whole run.</param>
internal sealed record ModelColumn(string Title, ModelReport Cost, double? ImagesPerSecond, double? Accuracy, double? Seconds)
{
    /// <summary>The columns of a run: dense and compact, or dense alone when nothing was pruned.</summary>
    /// <param name="report">The run.</param>
    /// <param name="reference">The dense run beside it, which gives the dense accuracy and seconds; null for none.</param>
    public static IEnumerable<ModelColumn> Of(RunReport report, RunReport? reference)
    {
        var isDense = report.Compact is null;
        yield return new ModelColumn("dense", report.Dense, Speed(reference ?? report, TrainingPhase.Dense),
            (reference ?? (isDense ? report : null))?.Test?.Accuracy, (reference ?? (isDense ? report : null))?.Seconds.Total);
        if (report.Compact is { } compact)
        {
            yield return new ModelColumn("compact", compact, Speed(report, TrainingPhase.Compact), report.Test?.Accuracy, report.Seconds.Total);
        }
    }

    private static double? Speed(RunReport report, TrainingPhase phase)
    {
        var speeds = report.Epochs.Where(e => e.Phase == phase).Select(e => e.ImagesPerSecond).Order().ToList();
        return speeds.Count == 0 ? null : speeds[speeds.Count / 2];
    }
}
