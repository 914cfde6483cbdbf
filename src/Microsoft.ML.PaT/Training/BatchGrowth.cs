using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Training;

/// <summary>Growth of the batch after pruning, and the change of the learning rate that goes with it.</summary>
internal static class BatchGrowth
{
    /// <summary>
    /// Returns the batch size after pruning: the number of images whose activations need the memory of the dense
    /// network's batch, limited by a factor.
    /// </summary>
    /// <param name="images">Number of training images.</param>
    public static int Batch(int batch, double most, int images, NetworkDefinition dense, NetworkDefinition compact)
    {
        var freed = (double)Activations(dense) / Activations(compact);
        return Math.Max(batch, Math.Min(images, (int)Math.Floor(batch * Math.Min(most, freed))));
    }

    /// <summary>
    /// Returns the growth to batches of at most a size; null if an epoch keeps its number of steps, because batches of
    /// almost equal size then stay as they are.
    /// </summary>
    /// <param name="images">Number of training images.</param>
    /// <param name="epoch">The first epoch with the larger batches, from 0.</param>
    public static BatchGrowthReport? To(int batch, TrainingOptions training, int images, int epoch)
    {
        var before = EpochBatches.CountOf(images, training.BatchSize);
        var after = EpochBatches.CountOf(images, batch);
        return after == before
            ? null
            : new(
                epoch,
                EpochBatches.LargestOf(images, after),
                RateFactor(training.Optimizer, before, after));
    }

    /// <summary>
    /// Factor of the learning rate: the growth of the mean batch for SGD and LARS (Goyal et al., 2017); its square root
    /// for AdamW, whose steps do not grow with the gradient (Malladi et al., 2022).
    /// </summary>
    /// <param name="before">Steps per epoch before the growth.</param>
    /// <param name="after">Steps per epoch after the growth.</param>
    public static double RateFactor(Optimizer optimizer, int before, int after)
    {
        var growth = (double)before / after;
        return optimizer == Optimizer.AdamW ? Math.Sqrt(growth) : growth;
    }

    /// <summary>
    /// Number of activations per image. The fraction of them that the backward pass keeps hardly depends on the widths.
    /// </summary>
    private static long Activations(NetworkDefinition network) =>
        network.Layers.Sum(layer =>
            network.OutputShape(layer.Name) is var s ? (long)s.Channels * s.Height * s.Width : 0);
}
