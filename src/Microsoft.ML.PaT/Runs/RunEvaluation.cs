using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Errors;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Results;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>Measurements of the network that a run returns; empty on ranks other than 0.</summary>
internal sealed record RunEvaluation
{
    // Batch sizes in every report: a single image, and a typical batch of a server.
    private static readonly int[] s_batches = [1, 32];

    public double? CompactLatencyMs { get; init; }

    /// <summary>The prediction of the layers' latency table for <see cref="CompactLatencyMs"/>.</summary>
    public double? PredictedLatencyMs { get; init; }

    /// <summary>The prediction of the table for a training step, as a fraction of the dense network's.</summary>
    public double? PredictedTrainingTime { get; init; }

    public ClassificationReport? Classification { get; init; }

    public IReadOnlyList<LatencyReport> Latencies { get; init; } = [];

    /// <summary>Classifies the validation images and times several batch sizes only if complete.</summary>
    public static RunEvaluation Of(RunContext run, bool isComplete)
    {
        if (!run.Ranks.IsFirst) return new();
        var (network, record) = (run.Network.Trained, run.Recorder.Record);
        var measured = new RunEvaluation();
        if (record.PruneEpoch is not null)
        {
            // Relative to the dense network.
            var predicted = run.Planner!.PredictedTime(ChannelGroups.Of(network.Definition));
            var isTraining = run.Options.Pruning.Target.Kind == PruningTargetKind.TrainingTime;
            measured = new()
            {
                CompactLatencyMs = ScoringModule.LatencyMs(network, run.Options.Pruning.LatencyBatch),
                PredictedLatencyMs = isTraining ? null : record.DenseLatencyMs * predicted,
                PredictedTrainingTime = isTraining ? predicted : null,
            };
        }
        if (!isComplete) return measured;
        try
        {
            return measured with
            {
                Classification = run.Validation is { } images
                    ? Evaluation.Classify(network, images, run.Network.Augmentation, "validation")
                    : null,
                Latencies = measured.AllLatencies(run),
            };
        }
        catch (Exception e) when (e is ExternalException or OutOfMemoryException)
        {
            // The model must not be lost because a batch is too large for the device.
            var text = "The report has no metrics per class and no latency at other batch sizes: "
                + LibtorchError.Reason(e);
            run.Send(new RunMessage(text) { Severity = RunEventSeverity.Warning, Epoch = run.Cursor.Epoch });
            return measured;
        }
    }

    private IReadOnlyList<LatencyReport> AllLatencies(RunContext run)
    {
        var (network, record, given) = (run.Network.Trained, run.Recorder.Record, run.Options.Pruning.LatencyBatch);
        // The weights of the dense network are gone; its time depends on the shapes only.
        using var generator = new torch.Generator((ulong)run.Options.Seed);
        using var dense = record.PruneEpoch is null
            ? null
            : TrainableNetwork.Initialize(run.Groups.Definition, generator, network.Device);
        var measured = s_batches.Where(batch => batch != given).Select(batch => dense is null
            ? new LatencyReport(batch, ScoringModule.LatencyMs(network, batch), null, null)
            : new(batch, ScoringModule.LatencyMs(dense, batch), ScoringModule.LatencyMs(network, batch), null));
        var atGiven = new LatencyReport(given, record.DenseLatencyMs, CompactLatencyMs, PredictedLatencyMs);
        return [.. measured.Append(atGiven).OrderBy(l => l.Batch)];
    }
}
