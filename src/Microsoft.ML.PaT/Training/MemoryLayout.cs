namespace Microsoft.ML.PaT;

/// <summary>How pictures and weights lie in memory while a network trains. Their shapes are [N,C,H,W] in any case.</summary>
public enum MemoryLayout
{
    /// <summary>Whichever trains faster: measured before the first step and after each cut, for the network, the batch and the device, and remembered in the user's cache folder.</summary>
    Automatic,

    /// <summary>Picture by picture, channel by channel, as PyTorch has it unless told otherwise.</summary>
    ChannelsFirst,

    /// <summary>Channels innermost: all channels of a pixel lie together.</summary>
    ChannelsLast,
}
