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

    /// <summary>How the scores of coupled layers become one.</summary>
    /// <value>Default <see cref="GroupReduction.Mean"/> (docs/decisions/score.md).</value>
    public GroupReduction Reduction { get; init; } = GroupReduction.Mean;

    /// <summary>How scores of different groups are made comparable before they are ranked together.</summary>
    /// <value>Default <see cref="ScoreNormalization.GroupMean"/> (docs/decisions/score.md).</value>
    public ScoreNormalization Normalization { get; init; } = ScoreNormalization.GroupMean;

    /// <summary>Cuts in which the channels go, spread over one epoch; what is left is scored anew before each.</summary>
    /// <value>1 (all at once) to 100; default 1 (docs/decisions/gradual.md).</value>
    public int Cuts { get; init; } = 1;

    /// <summary>Widths after the cut are multiples of this, because libraries have no fast kernels for odd widths.</summary>
    /// <value>1 (no rounding) to 64; default 8 (docs/results/widths.md). The widths of a group narrower than this stay as they are.</value>
    public int RoundTo { get; init; } = 8;
}
