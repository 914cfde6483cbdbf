using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Core;

/// <summary>
/// The slice of a batch that a rank has. Random numbers are drawn for the whole batch on every rank, and each uses those of its slice, so that an image is
/// augmented alike for any number of ranks.
/// </summary>
/// <param name="Total">Images of the whole batch.</param>
/// <param name="First">The first image of the slice, from 0.</param>
/// <param name="Count">Images of the slice.</param>
/// <param name="IncludesPredecessor">Whether the image before the first precedes the slice, the batch seen as a ring: for mixing. It is not counted.</param>
internal readonly record struct BatchSlice(long Total, long First, long Count, bool IncludesPredecessor = false)
{
    /// <summary>A whole batch.</summary>
    public static implicit operator BatchSlice(long count) => new(count, 0, count);

    /// <summary>The slice of a rank. Slices neither overlap nor leave an image out, and their lengths differ by one unit at most.</summary>
    /// <param name="total">Images of the batch, a multiple of the unit.</param>
    /// <param name="unit">Images that stay together: one for each thread.</param>
    /// <param name="rank">The rank.</param>
    /// <param name="ranks">Number of ranks.</param>
    public static BatchSlice Of(long total, long unit, int rank, int ranks)
    {
        var first = Edge(rank);
        return new(total, first, Edge(rank + 1) - first);

        long Edge(int before) => before * (total / unit) / ranks * unit;
    }

    /// <summary>Whether this is not the whole batch.</summary>
    public bool IsPart => Count < Total;

    /// <summary>The fraction of the batch, fraction 0 to 1.</summary>
    public double Fraction => (double)Count / Total;

    /// <summary>The slice without the image before it.</summary>
    public BatchSlice WithoutPredecessor => this with { IncludesPredecessor = false };

    /// <summary>The values of the slice, without those of the image before it.</summary>
    public Tensor DropPredecessor(Tensor values) => IsPart && IncludesPredecessor ? values.narrow(0, 1, Count) : values;

    /// <summary>The values of the slice among those of the whole batch.</summary>
    /// <param name="whole">Of size <see cref="Total"/> in one dimension.</param>
    /// <param name="dimension">That dimension.</param>
    /// <returns>The tensor itself, a view of it or a copy, in the caller's scope.</returns>
    public Tensor Of(Tensor whole, int dimension)
    {
        if (!IsPart) return whole;
        if (!IncludesPredecessor) return whole.narrow(dimension, First, Count);
        return First > 0 ? whole.narrow(dimension, First - 1, Count + 1) : cat([whole.narrow(dimension, Total - 1, 1), whole.narrow(dimension, 0, Count)], dimension);
    }
}
