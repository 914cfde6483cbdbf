namespace Microsoft.ML.PaT;

/// <summary>How images and weights lie in memory while a network trains. Their shapes are [N,C,H,W] in any case.</summary>
public enum MemoryFormat
{
    /// <summary>By a fixed rule: channels-last on a CPU where norms are fused or every convolution has a multiple of 8 channels, else channels-first.</summary>
    Automatic,

    /// <summary>
    /// The faster one, timed before the first step and after each cut, and kept in the user's cache folder. Weights of two
    /// runs of the same options may then differ in their last bits.
    /// </summary>
    Measured,

    /// <summary>Image by image, channel by channel, as PyTorch has it unless told otherwise.</summary>
    ChannelsFirst,

    /// <summary>Channels innermost: all channels of a pixel lie together.</summary>
    ChannelsLast,
}
