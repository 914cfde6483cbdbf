using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT;

/// <summary>What a <see cref="PruningTarget"/> counts.</summary>
internal enum PruningTargetKind
{
    /// <summary>Output channels of the layers that can be narrowed.</summary>
    Channels,

    /// <summary>Multiply-accumulates for one image.</summary>
    Macs,

    /// <summary>Trainable parameters.</summary>
    Parameters,

    /// <summary>Milliseconds for scoring a batch on the device trained on, as a table of its layers predicts.</summary>
    Latency,
}

/// <summary>Kinds of targets in words.</summary>
internal static class PruningTargetKinds
{
    /// <summary>As reports and messages spell it.</summary>
    public static string Name(this PruningTargetKind kind) => kind == PruningTargetKind.Macs ? "MACs" : kind.ToString().ToLowerInvariant();
}
