using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT;

/// <summary>The report of a run: the content of <c>report.json</c>, whose format is stable (docs/report.md).</summary>
public sealed record RunReport
{
    /// <summary>Version of this format, 1.</summary>
    public int Version { get; init; } = RunReportJson.Version;

    /// <summary>Name of the network, such as <c>resnet20-cifar</c>.</summary>
    public required string Network { get; init; }

    /// <summary>Name of the data set.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>The classes in training-key order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>
    /// The recipe of the run as JSON, with the defaults filled in and with what was measured on the device:
    /// <see cref="TrainingRecipe.FromJson"/> reads it. In <c>report.json</c> it is an object.
    /// </summary>
    [JsonConverter(typeof(EmbeddedJson))]
    public required string Recipe { get; init; }

    /// <summary>Whether the training images had weights from a column.</summary>
    public bool Weighted { get; init; }

    /// <summary>Growth of the batch size after pruning; null when it did not grow.</summary>
    [JsonInclude]
    internal BatchGrowthReport? BatchGrowth { get; init; }

    /// <summary>Memory format of the network in training.</summary>
    [JsonInclude]
    internal MemoryFormatReport? MemoryFormat { get; init; }

    /// <summary>Training images, validation images, and images skipped because they could not be read.</summary>
    public required DatasetReport Images { get; init; }

    /// <summary>Every epoch, from 0.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>The epoch, from 0, of the first pruning step; null when nothing was pruned.</summary>
    public int? PruneEpoch { get; init; }

    /// <summary>Reason of the pruning in one sentence; null when nothing was pruned.</summary>
    public string? PruneReason { get; init; }

    /// <summary>The retraining; null when the schedule of the run continued after pruning.</summary>
    [JsonInclude]
    internal RetrainingReport? Retraining { get; init; }

    /// <summary>Cost of the network before pruning.</summary>
    public required ModelReport Dense { get; init; }

    /// <summary>Cost of the network after pruning; null when nothing was pruned.</summary>
    public ModelReport? Compact { get; init; }

    /// <summary>
    /// The latency in milliseconds that the table of layers predicted after pruning; null without a latency target.
    /// </summary>
    public double? PredictedLatencyMs { get; init; }

    /// <summary>
    /// The time of a training step after pruning that the table of layers predicted, as a fraction of the dense
    /// network's; null without a target by training time.
    /// </summary>
    public double? PredictedTrainingTime { get; init; }

    /// <summary>
    /// Time to score a batch of 1, of 32, and of <see cref="PruningOptions.LatencyBatch"/> images, before and after
    /// pruning; empty when the run was stopped.
    /// </summary>
    [JsonInclude]
    internal IReadOnlyList<LatencyReport> Latencies { get; init; } = [];

    /// <summary>Multiply-accumulates of the whole training, in epochs of the dense network.</summary>
    public double? MacEpochs { get; init; }

    /// <summary>
    /// How the final network classifies the test images, or the validation images until those are scored; null without
    /// either, and when the run was stopped.
    /// </summary>
    public ClassificationReport? Classification { get; init; }

    /// <summary>
    /// The result on test images, see <see cref="PruningAwareTrainingTransformer.Evaluate"/>; null until they are
    /// scored.
    /// </summary>
    public TestReport? Test { get; init; }

    /// <summary>Seconds of the run, by phase.</summary>
    public required SecondsReport Seconds { get; init; }

    /// <summary>Output channels of each prunable layer: before, after.</summary>
    public required IReadOnlyDictionary<string, int[]> Widths { get; init; }

    /// <summary>All observations of the policy, and its decisions.</summary>
    public required IReadOnlyList<ObservationReport> Observations { get; init; }

    /// <summary>True when the run was stopped before its last epoch.</summary>
    public bool Stopped { get; init; }

    /// <summary>The machine: processor or GPU, threads, operating system, runtime.</summary>
    public required string Machine { get; init; }

    /// <summary>Median training images per second over the epochs of a phase; null without such epochs.</summary>
    /// <param name="phase">The phase.</param>
    public double? ImagesPerSecond(TrainingPhase phase)
    {
        var speeds = Epochs.Where(e => e.Phase == phase).Select(e => e.ImagesPerSecond).Order().ToList();
        return speeds.Count == 0 ? null : (speeds[(speeds.Count - 1) / 2] + speeds[speeds.Count / 2]) / 2;
    }

    /// <summary>Reads a report from a file that <see cref="WriteJson(string)"/> wrote.</summary>
    /// <param name="path">The file, usually <c>report.json</c>.</param>
    /// <exception cref="InvalidFileException">The file is not a report, is damaged, or has a newer version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public static RunReport ReadJson(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = InputFile.Open(path);
        return RunReportJson.Read(file, path);
    }

    /// <summary>Reads a report from a stream and leaves the stream open.</summary>
    /// <param name="stream">UTF-8 JSON, from its current position to its end.</param>
    /// <exception cref="InvalidFileException">
    /// The stream is not a report, is damaged, or has a newer version.
    /// </exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public static RunReport ReadJson(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return RunReportJson.Read(stream, "the stream");
    }

    /// <summary>Writes the report to a file, which holds the old content or the new one, never a part.</summary>
    /// <param name="path">The file, usually <c>report.json</c>; an existing one is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public void WriteJson(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.Write(path, WriteJson);
    }

    /// <summary>Writes the report to a stream and leaves the stream open.</summary>
    /// <param name="stream">Receives indented UTF-8 JSON without a byte-order mark.</param>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public void WriteJson(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        RunReportJson.Write(this, stream);
    }
}
