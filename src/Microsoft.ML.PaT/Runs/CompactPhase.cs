using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// Trains the network that the run returns: the compact one, or the dense one if the policy never prunes.
/// </summary>
internal sealed class CompactPhase : RunPhase
{
    public override RunPhase? Run(RunContext run)
    {
        while (run.Continue())
        {
            GrowBatch(run);
            run.Train(run.Loop.StepsPerEpoch, gradientsReady: null);
            run.EndEpochIfOver();
        }
        if (run.IsOutOfPatience)
        {
            var (patience, best) = (run.Options.Training.Patience, run.Best.Epoch!.Epoch);
            run.Send($"No better validation accuracy for {patience} epochs: the network of epoch {best} is returned.");
        }
        return null;
    }

    // Only at the start of an epoch, because every image is used once per epoch.
    private static void GrowBatch(RunContext run)
    {
        if (run.Cursor.SoFar.Step > 0 || run.Recorder.Record.BatchGrowth is not null) return;
        var training = run.Options.Training;
        var (limit, images) = (run.Options.Pruning.BatchGrowth, run.Training.Count);
        var batch = BatchGrowth.Batch(training.BatchSize, limit, images, run.Groups.Definition, run.Network.Definition);
        if (BatchGrowth.To(batch, training, images, run.Cursor.Epoch) is not { } growth) return;
        run.Send(new BatchSizeGrown(growth) { Epoch = growth.FromEpoch });
        run.Loop.Grow(growth);
    }
}
