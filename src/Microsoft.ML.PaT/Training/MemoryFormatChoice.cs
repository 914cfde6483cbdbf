using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Training;

/// <summary>How a network lies in memory while it trains.</summary>
/// <param name="ChannelsLast">Whether with channels innermost.</param>
/// <param name="Reason">Why, for people.</param>
internal readonly record struct MemoryFormatChoice(bool ChannelsLast, string Reason)
{
    /// <summary>As reports spell it.</summary>
    public static string Name(bool channelsLast) => DisplayText.Spelled(channelsLast ? MemoryFormat.ChannelsLast : MemoryFormat.ChannelsFirst);

    public override string ToString() => $"Memory format {Name(ChannelsLast)}: {Reason}.";
}
