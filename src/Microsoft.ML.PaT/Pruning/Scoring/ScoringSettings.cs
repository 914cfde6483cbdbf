namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>Scoring and ranking of channels: the part of <c>PruningOptions</c> that this folder uses.</summary>
internal sealed record ScoringSettings
{
    public Importance Criterion { get; init; } = Importance.Taylor;

    public GroupReduction Reduction { get; init; } = GroupReduction.Mean;

    public ScoreNormalization Normalization { get; init; } = ScoreNormalization.GroupMean;

    public RankingScope Ranking { get; init; } = RankingScope.Global;
}
