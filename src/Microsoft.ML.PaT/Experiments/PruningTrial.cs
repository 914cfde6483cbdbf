namespace Microsoft.ML.PaT.Experiments;

/// <summary>One trial of an experiment: what was tried, how far it came, and what it gave. With cross-validation, numbers are means over the folds.</summary>
public record PruningTrial
{
    /// <summary>Its number, from 1, in the order of the search.</summary>
    public required int Number { get; init; }

    /// <summary>The name of its folder: 16 hexadecimal digits, a hash of its options and images.</summary>
    public required string Id { get; init; }

    /// <summary>What the search chose, by axis: <c>Ratio</c>, <c>Criterion</c>, <c>Network</c>, <c>LearningRate</c>, <c>Policy</c>.</summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }

    /// <summary>All options: give them to <c>ml.PaT().ImageClassification</c> to train it again.</summary>
    public required PruningAwareTrainingOptions Options { get; init; }

    /// <summary>How far it came.</summary>
    public TrialState State { get; init; } = TrialState.Stopped;

    /// <summary>Epochs that were trained; of the longest fold.</summary>
    public int Epochs { get; init; }

    /// <summary>Accuracy on the validation images, fraction 0 to 1; null for a trial that failed or was stopped.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Median milliseconds to score a batch of <see cref="PruningOptions.LatencyBatch"/> images on the device trained on; null unless finished.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>Multiply-accumulates for one image; null unless finished.</summary>
    public long? Macs { get; init; }

    /// <summary>Trainable parameters; null unless finished.</summary>
    public long? Parameters { get; init; }

    /// <summary>Seconds of its runs, all folds together, those before an interruption included.</summary>
    public double Seconds { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    public Exception? Exception { get; init; }

    /// <summary>What it costs; infinite where that was not measured.</summary>
    /// <param name="cost">The kind of cost.</param>
    internal double Cost(TrialCost cost) => cost switch
    {
        TrialCost.Latency => LatencyMs,
        TrialCost.Macs => Macs,
        _ => Parameters,
    } ?? double.PositiveInfinity;

    /// <inheritdoc/>
    public sealed override string ToString() => FormattableString.Invariant($"trial {Number} ({string.Join(", ", Values.Select(v => $"{v.Key} {v.Value}"))}): {State}{(Accuracy is { } a ? $", accuracy {a:P2}" : "")}");
}
