namespace Microsoft.ML.PaT;

/// <summary>
/// How much of a network to remove. Whatever is counted, the share is the part that goes: <c>Macs(0.6)</c> leaves 40% of the
/// multiply-accumulates, <c>Latency(0.6)</c> a network that takes 40% of the time.
/// </summary>
public sealed record PruningTarget
{
    private PruningTarget(PruningTargetKind kind, double share)
    {
        Kind = kind;
        Share = share;
    }

    /// <summary>What is counted.</summary>
    public PruningTargetKind Kind { get; }

    /// <summary>The share of it to remove, fraction between 0 and 1, both excluded. What goes is at least this, and less than one step of widths more.</summary>
    public double Share { get; }

    /// <summary>Removes a share of the channels (the paper's neurons: a channel shared by m coupled convolutions counts m times).</summary>
    /// <param name="share">The share to remove, fraction between 0 and 1, both excluded; checked by <c>Fit</c>.</param>
    public static PruningTarget Channels(double share) => new(PruningTargetKind.Channels, share);

    /// <summary>Removes a share of the multiply-accumulates for one image.</summary>
    /// <param name="share">The share to remove, fraction between 0 and 1, both excluded; checked by <c>Fit</c>.</param>
    public static PruningTarget Macs(double share) => new(PruningTargetKind.Macs, share);

    /// <summary>Removes a share of the trainable parameters.</summary>
    /// <param name="share">The share to remove, fraction between 0 and 1, both excluded; checked by <c>Fit</c>.</param>
    public static PruningTarget Parameters(double share) => new(PruningTargetKind.Parameters, share);

    /// <summary>
    /// Removes a share of the milliseconds that scoring takes on the device trained on, by a table of its layers measured when the run starts
    /// (docs/decisions/latency-target.md): 0.6 leaves a network that takes 40% of the time.
    /// </summary>
    /// <param name="share">The share to remove, fraction between 0 and 1, both excluded; checked by <c>Fit</c>.</param>
    public static PruningTarget Latency(double share) => new(PruningTargetKind.Latency, share);

    /// <summary>Another share of the same.</summary>
    internal PruningTarget WithShare(double share) => new(Kind, share);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Share:P0} of the {Kind.Name()}");
}
