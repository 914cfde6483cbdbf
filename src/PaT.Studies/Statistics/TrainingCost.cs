namespace PaT.Studies;

/// <summary>The cost of a training: multiply-accumulates in epochs of the dense network, and seconds.</summary>
internal static class TrainingCost
{
    /// <summary>The cost that the run counted; an estimate if its checkpoint has no count.</summary>
    public static double MacEpochs(RunReport report) =>
        report.MacEpochs
        ?? Estimate(report.Epochs.Count, PrunedAt(report), report.Dense.Macs, (report.Compact ?? report.Dense).Macs);

    /// <summary>The cost of a run that is pruned once: p + (T - p) * compact / dense.</summary>
    /// <remarks>A backward pass costs about two forward passes in both phases, so the ratio holds for both.</remarks>
    public static double Estimate(double epochs, double? prunedAt, long denseMacs, long compactMacs) =>
        prunedAt is { } pruned ? pruned + ((epochs - pruned) * compactMacs / denseMacs) : epochs;

    /// <summary>Epochs before the first pruning step, with fractions; null if nothing was pruned.</summary>
    public static double? PrunedAt(RunReport report) => report.PruneEpoch is null
        ? null
        : report.Observations.LastOrDefault(o => o.Prune)?.At ?? report.PruneEpoch;

    /// <summary>Epochs of each phase at the median speed of that phase, plus the seconds of pruning.</summary>
    public static double Seconds(RunReport report)
    {
        // The seconds of pruning in several steps are mostly the training between them.
        var isIterative = TrainingRecipe.FromJson(report.Recipe).Pruning.IterativeSteps > 1;
        return (isIterative ? 0 : report.Seconds.Pruning) + report.Epochs
            .CountBy(epoch => epoch.Phase)
            .Sum(phase => phase.Value * EpochSeconds(report, phase.Key)!.Value);
    }

    /// <summary>Seconds of an epoch at the median speed of a phase; null where the run has no such epoch.</summary>
    public static double? EpochSeconds(RunReport report, TrainingPhase phase)
    {
        double[] speeds = [.. report.Epochs.Where(e => e.Phase == phase).Select(e => e.ImagesPerSecond)];
        return speeds.Length == 0 ? null : report.Images.Training / Median(speeds);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
