namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>
/// Division of the rows [rows,C] of a tensor into blocks. Depends only on the tensor's size and the vector width, not
/// on the number of threads.
/// </summary>
internal readonly record struct NormGeometry
{
    /// <summary>Values per block: three tensors of this size fit in the second-level cache of a core.</summary>
    private const int BlockValues = 32768;

    /// <summary>Minimum number of vectors per pattern, so that additions do not wait for the previous one.</summary>
    private const int Vectors = 8;

    /// <summary>
    /// Minimum number of patterns per block, because sums are gathered per channel at the end of each block.
    /// </summary>
    private const int Patterns = 16;

    /// <param name="channels">Number of channels.</param>
    public NormGeometry(long rows, int channels, int lanes)
    {
        (Rows, Channels) = (rows, channels);
        var unit = channels / (int)System.Numerics.BigInteger.GreatestCommonDivisor(channels, lanes) * lanes;
        Period = unit * Math.Max(1, (Vectors * lanes + unit - 1) / unit);
        BlockSize = Period * Math.Max(Patterns, BlockValues / Period);
        Blocks = (int)((Values + BlockSize - 1) / BlockSize);
    }

    /// <summary>Values per channel.</summary>
    public long Rows { get; }

    public int Channels { get; }

    /// <summary>Values per pattern.</summary>
    public int Period { get; }

    /// <summary>Values per full block.</summary>
    public int BlockSize { get; }

    /// <summary>Number of blocks; the last may be shorter.</summary>
    public int Blocks { get; }

    /// <summary>Number of values in the tensor.</summary>
    public long Values => Rows * Channels;

    /// <summary>Number of values in a block.</summary>
    public int SizeOf(int block) => (int)Math.Min(BlockSize, Values - (long)block * BlockSize);
}
