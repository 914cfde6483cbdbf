using System.Numerics;

namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>Which channels of which groups a sub-network keeps: one bit a channel, groups one after the other.</summary>
internal sealed class ChannelMask
{
    private readonly byte[] _bits;

    private ChannelMask(byte[] bits, int channels) => (_bits, Channels) = (bits, channels);

    /// <summary>Channels of all groups, kept or not.</summary>
    public int Channels { get; }

    /// <summary>The channels that a plan keeps.</summary>
    public static ChannelMask Of(PruningPlan plan, ChannelGroups groups)
    {
        var channels = groups.Groups.Sum(g => g.Width);
        var bits = new byte[(channels + 7) / 8];
        var start = 0;
        foreach (var group in groups.Groups)
        {
            foreach (var channel in plan.Kept[group.Name]) bits[(start + channel) / 8] |= (byte)(1 << ((start + channel) % 8));
            start += group.Width;
        }
        return new(bits, channels);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">Base 64.</param>
    /// <param name="channels">Channels of all groups.</param>
    /// <exception cref="FormatException">It is a mask of another number of channels, or none.</exception>
    public static ChannelMask Parse(string text, int channels)
    {
        var bits = Convert.FromBase64String(text);
        return bits.Length == (channels + 7) / 8 ? new(bits, channels)
            : throw new FormatException($"A mask of {channels} channels has {(channels + 7) / 8} bytes; this one has {bits.Length}.");
    }

    /// <summary>The mask distance of Early-Bird tickets: the fraction of all channels that one keeps and the other does not.</summary>
    public double Distance(ChannelMask other) => Channels == 0 ? 0 : (double)Count(other, (a, b) => a ^ b) / Channels;

    /// <summary>How much the identity of the kept channels has changed: 1 - |both keep| / |one or the other keeps|, 0 to 1.</summary>
    public double Churn(ChannelMask other)
    {
        var either = Count(other, (a, b) => a | b);
        return either == 0 ? 0 : 1 - (double)Count(other, (a, b) => a & b) / either;
    }

    /// <summary>The bits in base 64, the first channel in the lowest bit of the first byte.</summary>
    public override string ToString() => Convert.ToBase64String(_bits);

    private int Count(ChannelMask other, Func<int, int, int> combine)
    {
        if (other.Channels != Channels) throw new ArgumentException($"Masks of {Channels} and of {other.Channels} channels cannot be compared.");
        return _bits.Zip(other._bits, (a, b) => BitOperations.PopCount((uint)combine(a, b))).Sum();
    }
}
