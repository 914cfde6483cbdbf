namespace Microsoft.ML.PaT;

/// <summary>Where a run stands: sent a few times a second while it trains, after each epoch, and when something happens.</summary>
public sealed record TrainingProgress
{
    /// <summary>What the run is doing.</summary>
    public required TrainingPhase Phase { get; init; }

    /// <summary>The current epoch, counted from 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs of the whole run.</summary>
    public required int Epochs { get; init; }

    /// <summary>The fraction of the run that is done, fraction 0 to 1.</summary>
    public required double Fraction { get; init; }

    /// <summary>Training images a second in the current epoch.</summary>
    public double ImagesPerSecond { get; init; }

    /// <summary>Mean training loss of the current epoch so far.</summary>
    public double Loss { get; init; }

    /// <summary>Validation accuracy, fraction 0 to 1, after the last whole epoch; null before it or without validation images.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The latest Early Pruning Indicator; null before it is defined or once the network is cut.</summary>
    public double? Epi { get; init; }

    /// <summary>
    /// Expected time to the end of the run; null until it can be estimated. Before the cut it is expected where the policy prunes at the latest, and compact epochs to take a
    /// dense one's time times the fraction of multiply-accumulates that the target leaves; after it, compact epochs are measured.
    /// </summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>True in the message that closes an epoch.</summary>
    public bool EpochEnded { get; init; }

    /// <summary>What just happened (the cut and why, a fallback, ...), one line for people; null when nothing did.</summary>
    public string? Event { get; init; }
}
