using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT;

/// <summary>Quantity that a <see cref="PruningTarget"/> reduces.</summary>
internal enum PruningTargetKind
{
    /// <summary>Output channels of the prunable layers.</summary>
    Channels,

    /// <summary>Multiply-accumulates per image.</summary>
    Macs,

    /// <summary>Trainable parameters.</summary>
    Parameters,

    /// <summary>
    /// Milliseconds to score a batch on the training device, predicted from a table of measured layers.
    /// </summary>
    Latency,
}

internal static class PruningTargetKinds
{
    public static string Name(this PruningTargetKind kind) =>
        kind == PruningTargetKind.Macs ? "MACs" : kind.ToString().ToLowerInvariant();
}
