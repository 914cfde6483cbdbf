using System.Collections;
using System.Numerics;

namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>Whether a sub-network keeps each channel: one bit per channel, group after group.</summary>
internal sealed class ChannelMask : IReadOnlyList<bool>
{
    private readonly byte[] _bits;

    private ChannelMask(byte[] bits, int channels) => (_bits, Count) = (bits, channels);

    public int Count { get; }

    public bool this[int channel] => (_bits[channel / 8] >> (channel % 8) & 1) != 0;

    /// <summary>Mask of the channels that a plan keeps.</summary>
    public static ChannelMask Of(PruningPlan plan, ChannelGroups groups)
    {
        var channels = groups.Groups.Sum(g => g.Width);
        var bits = new byte[(channels + 7) / 8];
        var start = 0;
        foreach (var group in groups.Groups)
        {
            foreach (var channel in plan.Kept[group.Name])
                bits[(start + channel) / 8] |= (byte)(1 << ((start + channel) % 8));
            start += group.Width;
        }
        return new(bits, channels);
    }

    /// <summary>Parses the result of <see cref="ToString"/>.</summary>
    /// <exception cref="FormatException">The text is not a mask of this number of channels.</exception>
    public static ChannelMask Parse(string text, int channels)
    {
        var bits = Convert.FromBase64String(text);
        return bits.Length == (channels + 7) / 8
            ? new(bits, channels)
            : throw new FormatException(
                $"A mask of {channels} channels has {(channels + 7) / 8} bytes; this one has {bits.Length}.");
    }

    /// <summary>1 - |intersection| / |union| of the kept channels, 0 to 1.</summary>
    public double Churn(ChannelMask other)
    {
        if (other.Count != Count)
            throw new ArgumentException($"Masks of {Count} and of {other.Count} channels cannot be compared.");
        var either = Bits(other, (a, b) => a | b);
        return either == 0 ? 0 : 1 - (double)Bits(other, (a, b) => a & b) / either;
    }

    public IEnumerator<bool> GetEnumerator() =>
        Enumerable.Range(0, Count).Select(channel => this[channel]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Bits in base64; the first channel is the lowest bit of the first byte.</summary>
    public override string ToString() => Convert.ToBase64String(_bits);

    private int Bits(ChannelMask other, Func<int, int, int> combine) =>
        _bits.Zip(other._bits, (a, b) => BitOperations.PopCount((uint)combine(a, b))).Sum();
}
