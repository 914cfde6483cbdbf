using System.Diagnostics;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Runs;

/// <summary>Records the events of one run, and writes its <see cref="RunReport"/>.</summary>
internal sealed class RunRecorder(
    PruningAwareTrainingOptions options, NetworkDefinition dense, ImageDataset training, ImageDataset? validation)
    : IRunObserver
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private RunRecord _record = new(); // its seconds exclude the time since the current start

    /// <summary>Measures the time of scoring channels and deciding.</summary>
    public Stopwatch IndicatorClock { get; } = new();

    /// <summary>Measures the time of scoring the validation images.</summary>
    public Stopwatch EvaluationClock { get; } = new();

    /// <summary>Measures the time of timing the networks for the report.</summary>
    public Stopwatch LatencyClock { get; } = new();

    /// <summary>Measures the time of writing checkpoints.</summary>
    public Stopwatch CheckpointClock { get; } = new();

    /// <summary>The record so far, for a checkpoint.</summary>
    public RunRecord Record => _record with
    {
        Seconds = Seconds,
        IndicatorSeconds = _record.IndicatorSeconds + IndicatorClock.Elapsed.TotalSeconds,
        EvaluationSeconds = _record.EvaluationSeconds + EvaluationClock.Elapsed.TotalSeconds,
        LatencySeconds = _record.LatencySeconds + LatencyClock.Elapsed.TotalSeconds,
        CheckpointSeconds = _record.CheckpointSeconds + CheckpointClock.Elapsed.TotalSeconds,
    };

    /// <summary>Epochs of the run: retraining can change their number.</summary>
    public int Epochs =>
        _record.Retraining is { } retraining ? retraining.FromEpoch + retraining.Epochs : options.Training.Epochs;

    /// <summary>
    /// Epochs for progress and remaining time: until the first pruning step, with the retraining after the latest one.
    /// </summary>
    public int ExpectedEpochs =>
        _record.PruneEpoch is null && options.Pruning.Policy != PruningPolicy.Never
        && options.Pruning.Retraining?.Epochs is { } retraining
            ? (int)Math.Ceiling(options.Pruning.Policy.LatestPruning(options.Training)) + retraining
            : Epochs;

    private double Seconds => _record.Seconds + _clock.Elapsed.TotalSeconds;

    public void Restore(RunRecord record) => _record = record;

    public void OnEvent(RunEvent happened) => _record = happened switch
    {
        MemoryFormatChosen { Format: var format } => _record.PruneEpoch is null
            ? _record with { DenseFormat = format }
            : _record with { CompactFormat = format },
        SubNetworkObserved { Observation: var seen } => _record with { Observations = [.. _record.Observations, seen] },
        PruningStarted { Reason: var reason } => _record with { PruneEpoch = happened.Epoch, PruneReason = reason },
        NetworkPruned { Dense: var before, Compact: var after } pruned => _record with
        {
            LastPruning = new(pruned.Epoch, pruned.At, Seconds, (double)after.Macs / before.Macs),
        },
        RetrainingStarted { Retraining: var retraining } => _record with { Retraining = retraining },
        BatchSizeGrown { Growth: var growth } => _record with { BatchGrowth = growth },
        EpochEnded { Report: var epoch } => _record with { Epochs = [.. _record.Epochs, epoch] },
        _ => _record,
    };

    /// <param name="segment">The steps done.</param>
    public void Trained(TrainingSegment segment, NetworkDefinition network)
    {
        var macs = (double)segment.Images / training.Count * NetworkCost.Of(network).Macs / NetworkCost.Of(dense).Macs;
        var record = _record with { MacEpochs = _record.MacEpochs + macs };
        _record = record switch
        {
            { PruneEpoch: null } => record with { DenseSeconds = record.DenseSeconds + segment.Seconds },
            { LastPruning: null } => record with { PruningSeconds = record.PruningSeconds + segment.Seconds },
            _ => record with { CompactSeconds = record.CompactSeconds + segment.Seconds },
        };
    }

    public void Pruned(double seconds) => _record = _record with { PruningSeconds = _record.PruningSeconds + seconds };

    /// <param name="milliseconds">Median time to score a batch with the dense network.</param>
    public void DenseLatency(double milliseconds) => _record = _record with { DenseLatencyMs = milliseconds };

    /// <summary>Expected time to the end of the run; null until it can be estimated.</summary>
    /// <param name="epochs">Epochs done, fractions within an epoch.</param>
    public TimeSpan? Remaining(double epochs)
    {
        var target = options.Pruning.Target;
        var estimator = new RemainingTimeEstimator(
            options.Pruning.Policy.LatestPruning(options.Training), RemainingTimeEstimator.MacsLeftBy(target))
        {
            LastPruning = _record.LastPruning,
        };
        return estimator.Seconds(epochs, ExpectedEpochs, Seconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>The report of the run.</summary>
    /// <param name="readSeconds">Seconds of reading the images.</param>
    /// <param name="measured">What was measured of the network that the run returns.</param>
    /// <param name="stopped">Whether the run was canceled.</param>
    public RunReport Report(
        NetworkDefinition final, ChannelGroups groups, double readSeconds, RunEvaluation measured, bool stopped)
    {
        var record = Record;
        var (before, after) = (NetworkCost.Of(dense), NetworkCost.Of(final));
        return new()
        {
            Network = dense.Name,
            Classes = training.Classes,
            Recipe = Recipe(record).ToJson(),
            BatchGrowth = record.BatchGrowth,
            MemoryFormat = record.DenseFormat is null ? null : new(record.DenseFormat, record.CompactFormat),
            Weighted = training.AreWeighted,
            Images = new(
                training.Count,
                validation?.Count ?? 0,
                [.. training.Skipped.Unreadable, .. validation?.Skipped.Unreadable ?? []],
                training.Skipped.UnreadableCount + (validation?.Skipped.UnreadableCount ?? 0)),
            Epochs = record.Epochs,
            PruneEpoch = record.PruneEpoch,
            PruneReason = record.PruneReason,
            Retraining = record.Retraining,
            Dense = new(before.Parameters, before.Macs, measured.DenseLatencyMs ?? record.DenseLatencyMs),
            Compact = record.PruneEpoch is null ? null : new(after.Parameters, after.Macs, measured.CompactLatencyMs),
            PredictedLatencyMs = measured.PredictedLatencyMs,
            PredictedTrainingTime = measured.PredictedTrainingTime,
            Latencies = measured.Latencies,
            Classification = measured.Classification,
            MacEpochs = record.MacEpochs,
            Seconds = new(
                readSeconds + record.Seconds, record.DenseSeconds, record.PruningSeconds, record.CompactSeconds,
                record.IndicatorSeconds)
            {
                Reading = readSeconds, Evaluation = record.EvaluationSeconds, Latency = record.LatencySeconds,
                Checkpoints = record.CheckpointSeconds,
            },
            Widths = groups.PrunableLayers.ToDictionary(
                layer => layer,
                layer => new[] { dense.OutputShape(layer).Channels, final.OutputShape(layer).Channels }),
            Observations = record.Observations,
            Stopped = stopped,
            Machine = MachineDescription.Of(options.Threads),
        };
    }

    /// <summary>The recipe with the memory format that the run measured to be faster.</summary>
    private TrainingRecipe Recipe(RunRecord record)
    {
        var recipe = options.Resolve(dense);
        return recipe.Training.MemoryFormat == MemoryFormat.Measured && record.DenseFormat is { } measured
            ? recipe.With("training.memoryFormat", measured)
            : recipe;
    }
}
