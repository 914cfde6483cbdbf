namespace PaT.Studies;

/// <summary>What a finished cell gives: the content of its <c>result.json</c>. The whole story is in the <c>report.json</c> beside it.</summary>
public sealed record CellResult
{
    /// <summary>The run as it was asked for.</summary>
    public required IReadOnlyDictionary<string, string> Arguments { get; init; }

    /// <summary>Accuracy on the held-out split of the training images after the last epoch, fraction 0 to 1: what choices are made by.</summary>
    public required double? Validation { get; init; }

    /// <summary>Accuracy on the test images, scored once at the end, fraction 0 to 1.</summary>
    public required double Test { get; init; }

    /// <summary>Test images scored.</summary>
    public required int TestImages { get; init; }

    /// <summary>Epochs of the run.</summary>
    public required int Epochs { get; init; }

    /// <summary>Epochs until the first channel went, with fractions; null when none went.</summary>
    public required double? PrunedAt { get; init; }

    /// <summary>Why they went then; null when none went.</summary>
    public required string? Reason { get; init; }

    /// <summary>Trainable parameters of the final network.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-accumulates of the final network for one image.</summary>
    public required long Macs { get; init; }

    /// <summary>Milliseconds for one image.</summary>
    public required double? LatencyMs { get; init; }

    /// <summary>Multiply-accumulates of the whole training, in epochs of the dense network.</summary>
    public required double MacEpochs { get; init; }

    /// <summary>Seconds of the training loop: dense, pruning and compact.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds spent on scores, ranking and the indicator; part of <see cref="Seconds"/>.</summary>
    public required double IndicatorSeconds { get; init; }

    /// <summary>Output channels of each convolution of the final network.</summary>
    public required IReadOnlyDictionary<string, int> Widths { get; init; }

    /// <summary>Processor or GPU, threads, operating system, runtime.</summary>
    public required string Machine { get; init; }

    /// <summary>Takes from a report what studies compare.</summary>
    /// <param name="cell">The run as it was asked for.</param>
    /// <param name="report">What happened.</param>
    /// <exception cref="InvalidDataException">The run was not tested.</exception>
    public static CellResult Of(Cell cell, RunReport report)
    {
        var test = report.Test ?? throw new InvalidDataException("the run has no test result");
        var last = report.Compact ?? report.Dense;
        return new CellResult
        {
            Arguments = cell.Arguments,
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
            Seconds = report.Seconds.Dense + report.Seconds.Pruning + report.Seconds.Compact,
            IndicatorSeconds = report.Seconds.Indicator,
            Widths = report.Widths.ToDictionary(w => w.Key, w => w.Value[1]),
            Machine = report.Machine,
        };
    }
}
