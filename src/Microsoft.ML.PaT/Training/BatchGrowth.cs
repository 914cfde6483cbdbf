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
    /// Factor of the learning rate: the growth of the batch for SGD and LARS (Goyal et al., 2017); its square root for
    /// AdamW, whose steps do not grow with the gradient (Malladi et al., 2022).
    /// </summary>
    public static double RateFactor(Optimizer optimizer, int before, int after)
    {
        var growth = (double)after / before;
        return optimizer == Optimizer.AdamW ? Math.Sqrt(growth) : growth;
    }

    /// <summary>
    /// Number of activations per image. The fraction of them that the backward pass keeps hardly depends on the widths.
    /// </summary>
    private static long Activations(NetworkDefinition network) =>
        network.Layers.Sum(layer =>
            network.OutputShape(layer.Name) is var s ? (long)s.Channels * s.Height * s.Width : 0);
}
