using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Core;

/// <summary>
/// The slice of a batch that one rank processes. All ranks draw the random numbers of the whole batch and use those of
/// their slice, so the augmentation of an image does not depend on the number of ranks.
/// </summary>
/// <param name="Total">Images in the whole batch.</param>
/// <param name="First">Index of the slice's first image, from 0.</param>
/// <param name="IncludesPredecessor">Whether the slice also includes the preceding image (cyclically), which mixup
/// needs; not included in Count.</param>
internal readonly record struct BatchSlice(long Total, long First, long Count, bool IncludesPredecessor = false)
{
    /// <summary>A slice that covers the whole batch (single process).</summary>
    public static implicit operator BatchSlice(long count) => new(count, 0, count);

    /// <summary>
    /// Returns the slice of a rank. Slices are disjoint and cover the batch; their lengths differ by at most one image.
    /// </summary>
    /// <param name="total">Images in the batch.</param>
    /// <param name="rank">Index of the rank.</param>
    /// <param name="ranks">Number of ranks.</param>
    public static BatchSlice Of(long total, int rank, int ranks)
    {
        var first = Edge(rank);
        return new(total, first, Edge(rank + 1) - first);

        long Edge(int before) => before * total / ranks;
    }

    public bool IsPart => Count < Total;

    /// <summary>Fraction of the batch, 0 to 1.</summary>
    public double Fraction => (double)Count / Total;

    public BatchSlice WithoutPredecessor => this with { IncludesPredecessor = false };

    /// <summary>Removes the row of the preceding image.</summary>
    public Tensor DropPredecessor(Tensor values) => IsPart && IncludesPredecessor ? values.narrow(0, 1, Count) : values;

    /// <summary>Selects the slice from a tensor of the whole batch.</summary>
    /// <returns>The tensor itself, a view or a copy, in the caller's dispose scope.</returns>
    public Tensor Of(Tensor whole, int dimension)
    {
        if (!IsPart) return whole;
        if (!IncludesPredecessor) return whole.narrow(dimension, First, Count);
        return First > 0
            ? whole.narrow(dimension, First - 1, Count + 1)
            : cat([whole.narrow(dimension, Total - 1, 1), whole.narrow(dimension, 0, Count)], dimension);
    }
}
