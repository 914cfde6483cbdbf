using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>How the rows [rows,C] of a tensor are cut into blocks. Depends on its size and the width of vectors alone, not on threads.</summary>
internal readonly record struct NormGeometry
{
    /// <summary>Values of a block: what the second-level cache of a core holds of three tensors.</summary>
    private const int BlockValues = 32768;

    /// <summary>Vectors of a pattern at least, so that a sum does not wait for the one before.</summary>
    private const int Vectors = 8;

    /// <summary>Patterns of a block at least: at its end, sums are taken together by channel.</summary>
    private const int Patterns = 16;

    /// <param name="rows">Values a channel.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="lanes">Values in a vector.</param>
    public NormGeometry(long rows, int channels, int lanes)
    {
        (Rows, Channels) = (rows, channels);
        var unit = channels / (int)System.Numerics.BigInteger.GreatestCommonDivisor(channels, lanes) * lanes;
        Period = unit * Math.Max(1, (Vectors * lanes + unit - 1) / unit);
        BlockSize = Period * Math.Max(Patterns, BlockValues / Period);
        Blocks = (int)((Values + BlockSize - 1) / BlockSize);
    }

    /// <summary>Values a channel.</summary>
    public long Rows { get; }

    /// <summary>Channels.</summary>
    public int Channels { get; }

    /// <summary>Values of a pattern.</summary>
    public int Period { get; }

    /// <summary>Values of a whole block.</summary>
    public int BlockSize { get; }

    /// <summary>Blocks, the last of which may be shorter.</summary>
    public int Blocks { get; }

    /// <summary>Values of the tensor.</summary>
    public long Values => Rows * Channels;

    /// <summary>Values of a block.</summary>
    public int SizeOf(int block) => (int)Math.Min(BlockSize, Values - (long)block * BlockSize);
}
