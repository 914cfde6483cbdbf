using Microsoft.ML.PaT.Pruning;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A policy with the same options on every rank that decides otherwise on rank 1.</summary>
internal sealed record RankPolicy : PruningPolicy
{
    private readonly bool _prunes;

    public RankPolicy(int rank) => _prunes = rank == 1;

    public override string Name => "by rank";

    public override PolicyDecision Decide(IReadOnlyList<PolicyObservation> observations) =>
        new(_prunes, "rank 1 prunes");
}
