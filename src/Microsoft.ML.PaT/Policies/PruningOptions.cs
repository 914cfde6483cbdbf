namespace Microsoft.ML.PaT;

/// <summary>When, by what score and how much to prune.</summary>
public sealed record PruningOptions
{
    /// <summary>How much to remove.</summary>
    /// <value>Default: half of the channels.</value>
    public PruningTarget Target { get; init; } = PruningTarget.Channels(0.5);

    /// <summary>When to remove it.</summary>
    /// <value>Default: as soon as the Early Pruning Indicator calls the sub-network stable.</value>
    public PruningPolicy Policy { get; init; } = PruningPolicy.EarlyPruningIndicator();

    /// <summary>What makes a channel important.</summary>
    /// <value>Default <see cref="ImportanceCriterion.Taylor"/>.</value>
    public ImportanceCriterion Criterion { get; init; } = ImportanceCriterion.Taylor;

    /// <summary>Widths after the cut are multiples of this, because libraries have no fast kernels for odd widths.</summary>
    /// <value>1 (no rounding) to 64; default 8 (docs/results/widths.md). The widths of a group narrower than this stay as they are.</value>
    public int RoundTo { get; init; } = 8;
}
