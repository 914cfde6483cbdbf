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
    /// <summary>Timed in turns with <see cref="CompactLatencyMs"/>; null for the time before training.</summary>
    public double? DenseLatencyMs { get; init; }

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
        var (latency, evaluation) = (run.Recorder.LatencyClock, run.Recorder.EvaluationClock);
        var measured = new RunEvaluation();
        double? left = null; // of the latency of the dense network, as predicted
        if (record.PruneEpoch is not null)
        {
            var predicted = run.Planner!.PredictedTime(ChannelGroups.Of(network.Definition));
            var isTraining = run.Options.Pruning.Target.Kind == PruningTargetKind.TrainingTime;
            left = isTraining ? null : predicted;
            latency.Start();
            measured = new()
            {
                CompactLatencyMs = ScoringModule.LatencyMs(network, run.Options.Pruning.LatencyBatch),
                PredictedLatencyMs = record.DenseLatencyMs * left,
                PredictedTrainingTime = isTraining ? predicted : null,
            };
            latency.Stop();
        }
        if (!isComplete) return measured;
        try
        {
            latency.Start();
            var timed = measured.WithLatencies(run, left);
            latency.Stop();
            if (LatencyReport.Remark(timed.Latencies) is { } busy) run.Warn(busy);
            if (run.Validation is not { } images) return timed;
            evaluation.Start();
            var seen = Evaluation.Classify(network, images, run.Network.Augmentation, "validation");
            evaluation.Stop();
            return timed with { Classification = seen };
        }
        catch (Exception e) when (e is ExternalException or OutOfMemoryException)
        {
            // The model must not be lost because a batch is too large for the device.
            var text = "The report has no metrics per class and no latency at other batch sizes: "
                + LibtorchError.Reason(e);
            run.Warn(text);
            return measured;
        }
    }

    /// <summary>Times the dense and the compact network in turns, at all batch sizes.</summary>
    private RunEvaluation WithLatencies(RunContext run, double? left)
    {
        var (network, given) = (run.Network.Trained, run.Options.Pruning.LatencyBatch);
        int[] batches = [.. new[] { LatencyReport.One, LatencyReport.Many, given }.Distinct().Order()];
        if (run.Recorder.Record.PruneEpoch is null)
        {
            var alone = batches.Select(b => new LatencyReport(b, ScoringModule.LatencyMs(network, b), null, null));
            return this with { Latencies = [.. alone] };
        }
        // The weights of the dense network are gone; its time depends on the shapes only.
        using var generator = new torch.Generator((ulong)run.Options.Seed);
        using var dense = TrainableNetwork.Initialize(run.Groups.Definition, generator, network.Device);
        var times = batches.ToDictionary(b => b, b => ScoringModule.LatencyMs([dense, network], b));
        var (before, after) = (times[given][0], times[given][1]);
        var predicted = left * before;
        return this with
        {
            DenseLatencyMs = before,
            CompactLatencyMs = after,
            PredictedLatencyMs = predicted,
            Latencies = [.. times.Select(t => new LatencyReport(
                t.Key, t.Value[0], t.Value[1], t.Key == given ? predicted : null))],
        };
    }
}
