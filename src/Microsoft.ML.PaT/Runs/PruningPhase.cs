using System.Diagnostics;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Results;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Runs;

/// <summary>Removes the channels, in one step or several, and trains between the steps.</summary>
internal sealed class PruningPhase(IterativePruning steps) : RunPhase
{
    /// <summary>Frozen batch-norms do not adapt to what a pruning step removes while the network is trained.</summary>
    private const int BatchesForFrozenNorms = 10;

    public override IterativePruningState? Pruning => steps.State;

    /// <summary>Makes the first pruning step, and sets the schedule of retraining.</summary>
    public static PruningPhase Start(RunContext run, ChannelScores scores, string reason)
    {
        run.Send(new PruningStarted(reason) { Epoch = run.Cursor.Epoch });
        if (scores.Dead.Count > 0) run.Warn(Describe(scores.Dead, run.Options.Pruning.Criterion.Name));
        var phase = Resume(run, new(run.Cursor.Step, Done: 0));
        var before = run.Network.Trained.WeightSize();
        phase.Prune(run, scores);
        if (run.Options.Pruning.Retraining is { } retraining) Retrain(run, retraining, before);
        return phase;
    }

    /// <summary>Continues from the progress in a checkpoint.</summary>
    public static PruningPhase Resume(RunContext run, IterativePruningState state)
    {
        var steps = run.Loop.StepsPerEpoch;
        var end = run.Options.Pruning.Retraining?.Epochs is { } epochs
            ? (state.Start + steps - 1) / steps + epochs
            : run.Options.Training.Epochs;
        return new(new(run.Options.Pruning.Budget, run.Planner!, state, steps, end * steps));
    }

    public override RunPhase? Run(RunContext run)
    {
        while (steps.NextStep is { } next)
        {
            if (!run.Continue()) return null;
            var scorer = run.Network.Scorer!;
            if (next <= run.Cursor.Step)
            {
                Prune(run, scorer.Score(observations: 1));
                continue;
            }
            var epoch = run.Loop.StepsPerEpoch;
            run.Train((int)Math.Min(epoch, next - (long)run.Cursor.Epoch * epoch), scorer.Gather);
            run.EndEpochIfOver();
        }
        return new CompactPhase();
    }

    private void Prune(RunContext run, ChannelScores scores)
    {
        var clock = Stopwatch.StartNew();
        var network = run.Network;
        if (steps.Plan(scores, network.Scorer!.Groups, run.Cursor.Step) is { } plan)
        {
            network.Prune(plan);
            run.Send(network.MemoryFormat!.Value);
            run.Loop.Teacher = network.Teacher;
            run.Best.Clear(); // of the larger network
            if (run.Ranks.Size > 1) run.Send(DistributedRun.Volume(run.Ranks, network.Trained));
            Recalibrate(run);
        }
        run.Recorder.Pruned(clock.Elapsed.TotalSeconds);
        if (steps.NextStep is not null) return;
        var (before, after) = (NetworkCost.Of(run.Groups.Definition), NetworkCost.Of(network.Definition));
        run.Send(new NetworkPruned(new(before.Parameters, before.Macs, null), new(after.Parameters, after.Macs, null))
        {
            Epoch = run.Cursor.Epoch, At = run.Cursor.At,
        });
    }

    private static string Describe(IReadOnlyList<string> dead, string criterion) =>
        $"Every channel scores 0 by {criterion} in {dead.Count} of the groups: {string.Join(", ", dead.Take(5))}"
            + $"{(dead.Count > 5 ? ", ..." : "")}. Their weights or gradients are 0 or not finite, so the order of "
            + "their channels is arbitrary.";

    private static void Recalibrate(RunContext run)
    {
        var (network, batches) = (run.Network, run.Options.Pruning.RecalibrateBatchNorm);
        if (batches == 0 && LayerRates.Of(network.Definition, run.Options.Training).FrozenNorms.Count > 0)
            batches = BatchesForFrozenNorms;
        run.Loop.Recalibrate(network.Trained, network.Augmentation, run.Cursor.Epoch, batches);
        if (run.Options.Training.EmaDecay is null) return;
        using var average = WeightAverage.Show(network.Trained);
        run.Loop.Recalibrate(network.Trained, network.Augmentation, run.Cursor.Epoch, batches);
    }

    // Retraining starts with the next epoch; until then, the schedule of the run continues.
    private static void Retrain(RunContext run, RetrainingOptions options, (double Norm, long Count) before)
    {
        var from = run.Cursor.SoFar.Step == 0 ? run.Cursor.Epoch : run.Cursor.Epoch + 1;
        var epochs = options.Epochs ?? run.Options.Training.Epochs - from;
        if (epochs < 1) return; // the run has no epochs left
        var after = run.Network.Trained.WeightSize();
        var change = RetrainingSchedules.WeightChange(before.Norm, after.Norm, 1 - (double)after.Count / before.Count);
        var retraining = new RetrainingReport(RetrainingSchedules.NameOf(options.Schedule), from, epochs, change);
        run.Send(new RetrainingStarted(retraining) { Epoch = run.Cursor.Epoch });
        run.FollowRetraining();
    }
}
