namespace Microsoft.ML.PaT.Training;

/// <summary>Memory format of a network in training.</summary>
/// <param name="ChannelsLast">Whether the format is channels-last.</param>
internal readonly record struct MemoryFormatChoice(bool ChannelsLast, string Reason)
{
    public static string Name(bool channelsLast) =>
        DisplayText.Spelled(channelsLast ? MemoryFormat.ChannelsLast : MemoryFormat.ChannelsFirst);

    public override string ToString() => $"Memory format {Name(ChannelsLast)}: {Reason}.";
}
