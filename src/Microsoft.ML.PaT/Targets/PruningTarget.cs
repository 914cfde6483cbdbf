namespace Microsoft.ML.PaT;

/// <summary>How much of a network to remove.</summary>
public sealed record PruningTarget
{
    private PruningTarget(string kind, double share)
    {
        Kind = kind;
        Share = share;
    }

    /// <summary>What is counted: <c>channels</c>.</summary>
    public string Kind { get; }

    /// <summary>The share of it to remove, fraction between 0 and 1, both excluded.</summary>
    public double Share { get; }

    /// <summary>Removes a share of the channels (the paper's neurons: a channel shared by m coupled convolutions counts m times).</summary>
    /// <param name="share">The share to remove, fraction between 0 and 1, both excluded; checked by <c>Fit</c>.</param>
    public static PruningTarget Channels(double share) => new("channels", share);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Share:P0} of the {Kind}");
}
