using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT.Tests;

internal static class Masks
{
    /// <summary>Parses a mask such as <c>"1100"</c>; 1 means kept.</summary>
    public static ChannelMask Of(string bits)
    {
        var bytes = new byte[(bits.Length + 7) / 8];
        for (var i = 0; i < bits.Length; i++)
        {
            if (bits[i] == '1') bytes[i / 8] |= (byte)(1 << (i % 8));
        }
        return ChannelMask.Parse(Convert.ToBase64String(bytes), bits.Length);
    }

    public static (bool Prune, string Reason, double? Tau, double? Psi, double? Churn) Observe(
        this PolicyHistory history, double at, IReadOnlyList<int> counts, ChannelMask? kept = null)
    {
        var seen = history.Add(at, counts, kept ?? Of("1"));
        var decision = history.Decide();
        return (decision.Prune, decision.Reason, decision.Tau, seen.Psi, seen.Churn);
    }
}
