namespace Microsoft.ML.PaT;

/// <summary>How a network lies in memory while it trains.</summary>
/// <param name="ChannelsLast">Whether with channels innermost.</param>
/// <param name="Reason">Why, for people.</param>
internal readonly record struct LayoutChoice(bool ChannelsLast, string Reason)
{
    /// <summary>As reports spell it.</summary>
    public static string Name(bool channelsLast) => ReportText.Spelled(channelsLast ? MemoryLayout.ChannelsLast : MemoryLayout.ChannelsFirst);

    public override string ToString() => $"Memory layout {Name(ChannelsLast)}: {Reason}.";
}
