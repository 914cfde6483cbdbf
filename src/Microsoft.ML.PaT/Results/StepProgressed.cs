using System.Globalization;

namespace Microsoft.ML.PaT;

/// <summary>Progress of a run within an epoch, sent about twice a second.</summary>
public sealed record StepProgressed : RunEvent
{
    /// <summary>Phase of the run.</summary>
    public required TrainingPhase Phase { get; init; }

    /// <summary>Epochs of the whole run.</summary>
    public required int Epochs { get; init; }

    /// <summary>The fraction of the run that is done, 0 to 1.</summary>
    public required double Fraction { get; init; }

    /// <summary>Training images per second in the current epoch.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Mean training loss of the current epoch so far.</summary>
    public required double Loss { get; init; }

    /// <summary>The latest Early Pruning Indicator; null before it is defined and once channels are removed.</summary>
    public double? Epi { get; init; }

    /// <summary>Expected time to the end of the run; null until it can be estimated.</summary>
    /// <remarks>
    /// The estimate assumes that the policy prunes as late as it can, and that a compact epoch takes a dense one's time
    /// times the fraction of multiply-accumulates that the target leaves. After pruning, compact epochs are measured.
    /// </remarks>
    public TimeSpan? Remaining { get; init; }

    /// <inheritdoc/>
    public override string Text => string.Create(CultureInfo.InvariantCulture,
        $"Epoch {Epoch} of 0 to {Epochs - 1} ({Phase}), {Fraction:P0} done: " +
        $"loss {Loss:F4}, {ImagesPerSecond:F0} images/s.");
}
