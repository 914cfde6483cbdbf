using System.Globalization;

namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// A trial of an experiment: its options, state and results. With cross-validation, results are means over the folds.
/// </summary>
public record PruningTrial
{
    /// <summary>Number of the trial, from 1, in the order of the search.</summary>
    public required int Number { get; init; }

    /// <summary>Name of the trial's folder: 16 hexadecimal digits, a hash of its options and images.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// Values of the axes: <c>Ratio</c>, <c>Criterion</c>, <c>Network</c>, <c>LearningRate</c>, <c>Policy</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }

    /// <summary>All options of the trial; pass them to <c>ml.PaT().ImageClassification</c> to train it again.</summary>
    public required PruningAwareTrainingOptions Options { get; init; }

    /// <summary>State of the trial.</summary>
    public TrialState State { get; init; } = TrialState.Stopped;

    /// <summary>Epochs trained; the maximum over the folds.</summary>
    public int Epochs { get; init; }

    /// <summary>Accuracy on the validation images, 0 to 1; null if the trial failed or was stopped.</summary>
    public double? Accuracy { get; init; }

    /// <summary>
    /// Median milliseconds to score a batch of <see cref="PruningOptions.LatencyBatch"/> images on the training device;
    /// null unless finished.
    /// </summary>
    public double? LatencyMs { get; init; }

    /// <summary>Multiply-accumulates per image; null unless finished.</summary>
    public long? Macs { get; init; }

    /// <summary>Trainable parameters; null unless finished.</summary>
    public long? Parameters { get; init; }

    /// <summary>Training time in seconds, over all folds, including the time before an interruption.</summary>
    public double Seconds { get; init; }

    /// <summary>Error of a failed trial; null otherwise.</summary>
    public Exception? Exception { get; init; }

    /// <summary>Infinite if the cost was not measured.</summary>
    internal double Cost(TrialCost cost) => cost switch
    {
        TrialCost.Latency => LatencyMs,
        TrialCost.Macs => Macs,
        _ => Parameters,
    } ?? double.PositiveInfinity;

    /// <inheritdoc/>
    public sealed override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"trial {Number} ({string.Join(", ", Values.Select(v => $"{v.Key} {v.Value}"))}): "
                + $"{State}{(Accuracy is { } a ? $", accuracy {a:0.00 %}" : "")}");
}
