using System.Text.Json;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Policies;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Runs;

/// <summary>Keeps the record of one run while it goes on: epochs, times and the cut; becomes its <see cref="RunReport"/>.</summary>
internal sealed class RunRecorder(PruningAwareTrainingOptions options, NetworkDefinition dense, ImageDataset training, ImageDataset? validation, IRunObserver observer)
{
    private readonly List<EpochReport> _epochs = [];
    private readonly System.Diagnostics.Stopwatch _clock = System.Diagnostics.Stopwatch.StartNew();
    private double _before, _dense, _pruning, _compact;
    private double? _macEpochs = 0;
    private int? _pruned;
    private string? _memoryFormat, _compactMemoryFormat;
    private readonly RemainingTimeEstimator _timeLeft = new(options.Pruning.Policy.LatestCut(options.Training), RemainingTimeEstimator.MacsLeftBy(options.Pruning.Target));
    private int _epoch;

    /// <summary>Epochs that the run will have, as far as is known: retraining may end it earlier or later than was planned.</summary>
    public int Epochs { get; private set; } = options.Training.Epochs;

    /// <summary>The retraining after the cut; null before it, and where the schedule of the run goes on.</summary>
    public RetrainingReport? Retraining { get; private set; }

    /// <summary>How batches grow after the cut; null when they do not.</summary>
    public BatchGrowthReport? Growth { get; private set; }

    /// <summary>The epoch of the first cut; null before it.</summary>
    public int? PruneEpoch { get; private set; }

    /// <summary>Why the cut was made; null before it.</summary>
    public string? PruneReason { get; private set; }

    /// <summary>Milliseconds for one image before the cut.</summary>
    public double DenseLatencyMs { get; set; }

    /// <summary>Milliseconds for one image after the cut; null without one.</summary>
    public double? CompactLatencyMs { get; set; }

    /// <summary>What the table of layers predicted for it; null without a target by latency.</summary>
    public double? PredictedLatencyMs { get; set; }

    /// <summary>Whether the run was stopped before its last epoch.</summary>
    public bool Stopped { get; set; }

    /// <summary>Seconds of the run, those before it was interrupted included.</summary>
    private TimeSpan Elapsed => TimeSpan.FromSeconds(_before) + _clock.Elapsed;

    /// <summary>The record so far.</summary>
    public RunRecorderState State => new([.. _epochs], Elapsed.TotalSeconds, _dense, _pruning, _compact, PruneEpoch, PruneReason, _pruned, DenseLatencyMs, Retraining, _macEpochs, _memoryFormat, _compactMemoryFormat, _timeLeft.Cut?.At, _timeLeft.Cut?.Seconds, _timeLeft.MacsLeft, Growth);

    /// <summary>Goes on from a record.</summary>
    public void Restore(RunRecorderState state)
    {
        _epochs.AddRange(state.Epochs);
        _epoch = state.Epochs.Count;
        (_before, _dense, _pruning, _compact) = (state.Seconds, state.Dense, state.Pruning, state.Compact);
        (PruneEpoch, PruneReason, _pruned, DenseLatencyMs) = (state.PruneEpoch, state.PruneReason, state.Pruned, state.DenseLatencyMs);
        _macEpochs = state.MacEpochs;
        (_memoryFormat, _compactMemoryFormat, Growth) = (state.MemoryFormat, state.CompactMemoryFormat, state.Growth);
        (_timeLeft.Cut, _timeLeft.MacsLeft) = (state is { CutAt: { } at, CutSeconds: { } seconds } ? (at, seconds) : null, state.MacsLeft);
        if (state.Retraining is { } retraining) Follow(retraining);
    }

    /// <summary>Notes that a stretch of training is over.</summary>
    /// <param name="stretch">The stretch.</param>
    /// <param name="network">The network that was trained.</param>
    public void Trained(TrainingSegment stretch, NetworkDefinition network)
    {
        _macEpochs += (double)stretch.Images / training.Count * NetworkCost.Of(network).Macs / NetworkCost.Of(dense).Macs;
        if (PruneEpoch is null) _dense += stretch.Seconds;
        else if (_pruned is null) _pruning += stretch.Seconds;
        else _compact += stretch.Seconds;
    }

    /// <summary>Notes how the network lies in memory from now on.</summary>
    public void LaidOut(MemoryFormatChoice layout)
    {
        if (PruneEpoch is null) _memoryFormat = MemoryFormatChoice.Name(layout.ChannelsLast);
        else _compactMemoryFormat = MemoryFormatChoice.Name(layout.ChannelsLast);
        Say(layout.ToString());
    }

    /// <summary>Notes that the first channels go.</summary>
    public void PruningStarted(int epoch, string reason)
    {
        (PruneEpoch, PruneReason) = (epoch, reason);
        Say($"Pruning in epoch {epoch}, {reason}.");
    }

    /// <summary>Notes the seconds a cut took.</summary>
    public void Cut(double seconds) => _pruning += seconds;

    /// <summary>Notes that the last channels are gone.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="at">Epochs done, parts of them included.</param>
    /// <param name="compact">What is left.</param>
    public void PruningEnded(int epoch, double at, NetworkDefinition compact)
    {
        _pruned = epoch;
        _timeLeft.Cut = (at, Elapsed.TotalSeconds);
        var (before, after) = (NetworkCost.Of(dense), NetworkCost.Of(compact));
        _timeLeft.MacsLeft = (double)after.Macs / before.Macs;
        observer.OnEvent(new NetworkPruned(new(before.Parameters, before.Macs, null), new(after.Parameters, after.Macs, null)) { Epoch = epoch });
    }

    /// <summary>Notes that batches will grow.</summary>
    public void BatchGrows(BatchGrowthReport growth)
    {
        Growth = growth;
        Say(FormattableString.Invariant($"From epoch {growth.FromEpoch} on batches have {growth.BatchSize} images, and the learning rate is {growth.RateFactor:0.###} times what it was."));
    }

    /// <summary>Notes how it goes on after the cut.</summary>
    public void RetrainingStarted(RetrainingReport retraining)
    {
        Follow(retraining);
        Say($"Retraining by {retraining.Schedule} from epoch {retraining.FromEpoch}, for {retraining.Epochs} epochs.");
    }

    /// <summary>Notes that an epoch is over.</summary>
    public void EpochEnded(int epoch, TrainingSegment stretch, double? accuracy, double learningRate, double? epi, int channels, bool isComplete)
    {
        var report = new EpochReport(epoch, Phase(epoch), stretch.Loss, accuracy, stretch.Seconds, stretch.ImagesPerSecond, learningRate, epi);
        _epochs.Add(report);
        _epoch = epoch;
        observer.OnEvent(new EpochEnded(report)
        {
            Epoch = epoch, Epochs = Epochs, Channels = channels, IsComplete = isComplete, Remaining = Remaining((epoch + 1.0) / Epochs),
        });
    }

    /// <summary>Tells how far the run is.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="fractionOfEpoch">How much of it is done, fraction 0 to 1.</param>
    /// <param name="stretch">The epoch so far.</param>
    /// <param name="epi">The last indicator.</param>
    public void Progressed(int epoch, double fractionOfEpoch, TrainingSegment stretch, double? epi)
    {
        var fraction = (epoch + fractionOfEpoch) / Epochs;
        _epoch = epoch;
        observer.OnEvent(new StepProgressed
        {
            Phase = Phase(epoch), Epoch = epoch, Epochs = Epochs, Fraction = fraction, ImagesPerSecond = stretch.ImagesPerSecond, Loss = stretch.Loss, Epi = epi,
            Remaining = Remaining(fraction),
        });
    }

    /// <summary>Tells what just happened.</summary>
    public void Say(string text) => observer.OnEvent(new RunMessage(text) { Epoch = _epoch });

    /// <summary>Closes the record.</summary>
    public RunReport Report(NetworkDefinition final, ChannelGroups groups, SubNetworkObserver? observer)
    {
        var cost = NetworkCost.Of(dense);
        var compact = NetworkCost.Of(final);
        var pruning = options.Pruning;
        return new()
        {
            Network = dense.Name,
            Classes = training.Classes,
            Policy = pruning.Policy.Name,
            Criterion = pruning.Criterion.Name,
            Reduction = DisplayText.Spelled(pruning.Reduction),
            Normalization = DisplayText.Spelled(pruning.NormalizationInUse),
            Ranking = DisplayText.Spelled(pruning.Ranking),
            Target = new(DisplayText.Spelled(pruning.Target.Kind), pruning.Target.Ratio),
            RoundTo = pruning.RoundTo,
            Seed = options.Training.Seed,
            ClassWeights = DisplayText.Spelled(options.Training.ClassWeights),
            Optimizer = DisplayText.Spelled(options.Training.Optimizer),
            Precision = DisplayText.Spelled(options.Training.Precision),
            Kernels = DisplayText.Spelled(options.Training.Kernels),
            EmaDecay = options.Training.EmaDecay,
            Distillation = pruning.Distillation is { } distillation ? new(distillation.Temperature, distillation.Weight) : null,
            BatchGrowth = Growth,
            MemoryFormat = _memoryFormat is null ? null : new(_memoryFormat, _compactMemoryFormat),
            Weighted = training.AreWeighted,
            Images = new(training.Count, validation?.Count ?? 0, [], 0),
            Epochs = _epochs,
            PruneEpoch = PruneEpoch,
            PruneReason = PruneReason,
            Retraining = Retraining,
            Dense = new(cost.Parameters, cost.Macs, DenseLatencyMs),
            Compact = PruneEpoch is null ? null : new(compact.Parameters, compact.Macs, CompactLatencyMs),
            PredictedLatencyMs = PredictedLatencyMs,
            LatencyBatch = pruning.LatencyBatch,
            MacEpochs = _macEpochs,
            Seconds = new(Elapsed.TotalSeconds, _dense, _pruning, _compact, observer?.Seconds ?? 0),
            Widths = groups.PrunableLayers.ToDictionary(c => c, c => new[] { dense.OutputShape(c).Channels, final.OutputShape(c).Channels }),
            Observations = observer?.Record ?? [],
            Stopped = Stopped,
            Machine = MachineDescription.Of(options.Training.Threads),
        };
    }

    private void Follow(RetrainingReport retraining)
    {
        Retraining = retraining;
        Epochs = retraining.FromEpoch + retraining.Epochs;
    }

    private TrainingPhase Phase(int epoch) => PruneEpoch is not { } pruned || epoch < pruned ? TrainingPhase.Dense
        : _pruned is not { } done || epoch <= done ? TrainingPhase.Pruning
        : TrainingPhase.Compact;

    private TimeSpan? Remaining(double fraction) => _timeLeft.Seconds(fraction * Epochs, Epochs, Elapsed.TotalSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
