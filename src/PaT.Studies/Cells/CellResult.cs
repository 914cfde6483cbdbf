namespace PaT.Studies;

/// <summary>The result of a finished cell, stored in <c>result.json</c>; <c>report.json</c> has the details.</summary>
public sealed record CellResult
{
    /// <summary>
    /// Accuracy on the validation images after the last epoch, fraction 0 to 1. Choices use this accuracy.
    /// </summary>
    public required double? Validation { get; init; }

    /// <summary>Accuracy on the test images after the run, 0 to 1.</summary>
    public required double Test { get; init; }

    /// <summary>Number of test images.</summary>
    public required int TestImages { get; init; }

    /// <summary>Epochs of the run.</summary>
    public required int Epochs { get; init; }

    /// <summary>Epochs before the first pruning step, with fractions; null if nothing was pruned.</summary>
    public required double? PrunedAt { get; init; }

    /// <summary>Reason of the pruning; null if nothing was pruned.</summary>
    public required string? Reason { get; init; }

    /// <summary>Trainable parameters of the final network.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-accumulates per image of the final network.</summary>
    public required long Macs { get; init; }

    /// <summary>
    /// Median milliseconds to score a batch of <see cref="PruningOptions.LatencyBatch"/> images with the final network;
    /// null if it was not measured.
    /// </summary>
    public required double? LatencyMs { get; init; }

    /// <summary>MACs of the whole training, in epochs of the dense network.</summary>
    public required double MacEpochs { get; init; }

    /// <summary>
    /// Seconds of training from the median step time of each phase, plus pruning in one step. Other work on the machine
    /// disturbs it less than <see cref="WallSeconds"/>.
    /// </summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// Seconds of an epoch after pruning, from the median speed of these epochs; null where there are none.
    /// </summary>
    public required double? CompactEpochSeconds { get; init; }

    /// <summary>Seconds of training by the clock: dense, pruning and compact.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Output channels of each convolution of the final network.</summary>
    public required IReadOnlyDictionary<string, int> Widths { get; init; }

    /// <summary>Processor or GPU, threads, operating system, runtime.</summary>
    public required string Machine { get; init; }

    /// <summary>Takes the values that studies compare from a report.</summary>
    /// <exception cref="CellFailedException">The run was not tested.</exception>
    public static CellResult Of(RunReport report)
    {
        var test = report.Test ?? throw new CellFailedException("the run has no test result");
        var last = report.Compact ?? report.Dense;
        return new CellResult
        {
            Validation = report.Epochs.LastOrDefault()?.Accuracy,
            Test = test.Accuracy,
            TestImages = test.Count,
            Epochs = report.Epochs.Count,
            PrunedAt = TrainingCost.PrunedAt(report),
            Reason = report.PruneReason,
            Parameters = last.Parameters,
            Macs = last.Macs,
            LatencyMs = last.LatencyMs,
            MacEpochs = TrainingCost.MacEpochs(report),
            Seconds = TrainingCost.Seconds(report),
            CompactEpochSeconds = TrainingCost.EpochSeconds(report, TrainingPhase.Compact),
            WallSeconds = report.Seconds.Dense + report.Seconds.Pruning + report.Seconds.Compact,
            Widths = report.Widths.ToDictionary(w => w.Key, w => w.Value[1]),
            Machine = report.Machine,
        };
    }
}
