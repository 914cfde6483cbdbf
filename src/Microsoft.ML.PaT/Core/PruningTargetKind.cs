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

    /// <summary>
    /// Milliseconds of a training step on the training device, predicted from a table of measured layers.
    /// </summary>
    TrainingTime,
}

internal static class PruningTargetKinds
{
    public static string Name(this PruningTargetKind kind) => kind switch
    {
        PruningTargetKind.Macs => "MACs",
        PruningTargetKind.TrainingTime => "training time",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Whether the device must be measured before a plan can be made.</summary>
    public static bool IsMeasured(this PruningTargetKind kind) =>
        kind is PruningTargetKind.Latency or PruningTargetKind.TrainingTime;
}
