namespace Microsoft.ML.PaT.Training;

/// <summary>How far the batch may grow into the memory that a cut freed, and what becomes of the learning rate.</summary>
internal static class BatchGrowth
{
    /// <summary>The batch after the cut: as many images as have the activations of the batch before it, at most so many times as many.</summary>
    /// <param name="batch">Images a step before the cut.</param>
    /// <param name="most">The highest factor.</param>
    /// <param name="images">Training images.</param>
    /// <param name="dense">The network before the cut.</param>
    /// <param name="compact">The network after it.</param>
    public static int Batch(int batch, double most, int images, NetworkDefinition dense, NetworkDefinition compact)
    {
        var freed = (double)Activations(dense) / Activations(compact);
        return Math.Max(batch, Math.Min(images, (int)Math.Floor(batch * Math.Min(most, freed))));
    }

    /// <summary>
    /// What the learning rate is multiplied by: as much as the batch grows for SGD and LARS (Goyal et al., 2017), the square root of that for AdamW, whose steps do not
    /// grow with the gradient (Malladi et al., 2022).
    /// </summary>
    public static double RateFactor(Optimizer optimizer, int before, int after)
    {
        var growth = (double)after / before;
        return optimizer == Optimizer.AdamW ? Math.Sqrt(growth) : growth;
    }

    /// <summary>Values that the layers make of an image: what a backward pass keeps is a part of them that hardly depends on the widths.</summary>
    private static long Activations(NetworkDefinition network) => network.Layers.Sum(layer => network.OutputShape(layer.Name) is var s ? (long)s.Channels * s.Height * s.Width : 0);
}
