namespace Microsoft.ML.PaT;

/// <summary>
/// How much of a network to remove. For every kind of target, the ratio is the fraction to remove: <c>Macs(0.6)</c>
/// leaves 40% of the multiply-accumulates, <c>Latency(0.6)</c> a network that takes 40% of the time.
/// </summary>
public sealed record PruningTarget
{
    private PruningTarget(PruningTargetKind kind, double ratio)
    {
        Kind = kind;
        Ratio = ratio;
    }

    /// <summary>What is counted.</summary>
    internal PruningTargetKind Kind { get; }

    /// <summary>
    /// The fraction to remove, between 0 and 1, both excluded. Pruning removes at least this fraction, and less than
    /// one width step more.
    /// </summary>
    public double Ratio { get; }

    /// <summary>
    /// Removes a fraction of the channels (the paper's neurons: a channel shared by m coupled convolutions counts m
    /// times).
    /// </summary>
    /// <param name="ratio">The fraction to remove, between 0 and 1, both excluded; checked by <c>Fit</c>.</param>
    public static PruningTarget Channels(double ratio) => new(PruningTargetKind.Channels, ratio);

    /// <summary>Removes a fraction of the multiply-accumulates for one image.</summary>
    /// <param name="ratio">The fraction to remove, between 0 and 1, both excluded; checked by <c>Fit</c>.</param>
    public static PruningTarget Macs(double ratio) => new(PruningTargetKind.Macs, ratio);

    /// <summary>Removes a fraction of the trainable parameters.</summary>
    /// <param name="ratio">The fraction to remove, between 0 and 1, both excluded; checked by <c>Fit</c>.</param>
    public static PruningTarget Parameters(double ratio) => new(PruningTargetKind.Parameters, ratio);

    /// <summary>
    /// Removes a fraction of the milliseconds that scoring takes on the training device, by a table of its layers
    /// measured when the run starts (docs/decisions/latency-target.md): 0.6 leaves a network that takes 40% of the
    /// time.
    /// </summary>
    /// <param name="ratio">The fraction to remove, between 0 and 1, both excluded; checked by <c>Fit</c>.</param>
    public static PruningTarget Latency(double ratio) => new(PruningTargetKind.Latency, ratio);

    /// <summary>
    /// Removes a fraction of the time of a training step on the training device, by a table of its layers and by steps
    /// of whole networks, measured when the run starts (docs/decisions/latency-target.md): 0.6 leaves a network that
    /// trains in 40% of the time.
    /// </summary>
    /// <param name="ratio">The fraction to remove, between 0 and 1, both excluded; checked by <c>Fit</c>.</param>
    public static PruningTarget TrainingTime(double ratio) => new(PruningTargetKind.TrainingTime, ratio);

    /// <summary>Returns a target of the same kind with another ratio.</summary>
    /// <param name="ratio">The fraction to remove, between 0 and 1, both excluded; checked by <c>Fit</c>.</param>
    public PruningTarget WithRatio(double ratio) => new(Kind, ratio);

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{Ratio * 100:0.##########}% of the {Kind.Name()}");
}
