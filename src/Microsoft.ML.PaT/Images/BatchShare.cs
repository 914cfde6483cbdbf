using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// Which pictures of a batch this process has: neighbours, of all that the batch has over all ranks. What is drawn at random is drawn for the whole batch on every rank, and
/// each takes what belongs to its pictures, so that what happens to a picture does not depend on how many ranks there are.
/// </summary>
/// <param name="Total">Pictures of the whole batch.</param>
/// <param name="First">The first one of these, from 0.</param>
/// <param name="Count">How many.</param>
/// <param name="AfterOneMore">Whether the picture before the first comes along in front of them, the batch seen as a ring: for mixing. It is not counted.</param>
internal readonly record struct BatchShare(long Total, long First, long Count, bool AfterOneMore = false)
{
    /// <summary>A batch that is nobody else's.</summary>
    public static implicit operator BatchShare(long count) => new(count, 0, count);

    /// <summary>The pictures of a rank. No picture is left out or with two ranks, and ranks differ by one unit at most.</summary>
    /// <param name="total">Pictures of the batch, a multiple of the unit.</param>
    /// <param name="unit">How many pictures stay together: one for each thread.</param>
    /// <param name="rank">The rank.</param>
    /// <param name="ranks">How many there are.</param>
    public static BatchShare Of(long total, long unit, int rank, int ranks)
    {
        var first = Edge(rank);
        return new(total, first, Edge(rank + 1) - first);

        long Edge(int before) => before * (total / unit) / ranks * unit;
    }

    /// <summary>Whether these are not all.</summary>
    public bool IsPart => Count < Total;

    /// <summary>The share of the batch, fraction 0 to 1.</summary>
    public double Fraction => (double)Count / Total;

    /// <summary>The same pictures without the one in front of them.</summary>
    public BatchShare Own => this with { AfterOneMore = false };

    /// <summary>What belongs to these pictures alone, of what came along with the one in front of them.</summary>
    public Tensor WithoutOneMore(Tensor values) => IsPart && AfterOneMore ? values.narrow(0, 1, Count) : values;

    /// <summary>What belongs to these pictures of something that the whole batch has.</summary>
    /// <param name="whole">Of size <see cref="Total"/> in one dimension.</param>
    /// <param name="dimension">That dimension.</param>
    /// <returns>The tensor itself, a view of it or a copy, in the caller's scope.</returns>
    public Tensor Of(Tensor whole, int dimension)
    {
        if (!IsPart) return whole;
        if (!AfterOneMore) return whole.narrow(dimension, First, Count);
        return First > 0 ? whole.narrow(dimension, First - 1, Count + 1) : cat([whole.narrow(dimension, Total - 1, 1), whole.narrow(dimension, 0, Count)], dimension);
    }
}
