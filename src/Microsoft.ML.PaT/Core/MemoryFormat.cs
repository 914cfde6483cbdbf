namespace Microsoft.ML.PaT;

/// <summary>Memory format of images and weights during training. It does not change their shape, [N,C,H,W].</summary>
public enum MemoryFormat
{
    /// <summary>
    /// Channels-last on a CPU if norms are fused or all convolutions have a multiple of 8 channels, otherwise
    /// channels-first.
    /// </summary>
    Automatic,

    /// <summary>
    /// The faster of the two, measured before the first step and after each pruning step. Measurements are kept in the
    /// user's cache folder. Two runs with the same options may differ in the last bits of their weights.
    /// </summary>
    Measured,

    /// <summary>Contiguous [N,C,H,W], PyTorch's default.</summary>
    ChannelsFirst,

    /// <summary>Contiguous [N,H,W,C]: the channels of a pixel are adjacent.</summary>
    ChannelsLast,
}
