namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>Target, limits and steps of pruning: the part of <c>PruningOptions</c> that this folder uses.</summary>
internal sealed record BudgetSettings
{
    public PruningTarget Target { get; init; } = PruningTarget.Channels(0.5);

    public PruningLimits Limits { get; init; } = new();

    public RankingScope Ranking { get; init; } = RankingScope.Global;

    public PruningPlan? Plan { get; init; }

    public IReadOnlyDictionary<string, int>? Widths { get; init; }

    public int? RoundTo { get; init; }

    public bool MeasureRoundTo { get; init; }

    /// <summary>Batch size of latency measurements.</summary>
    public int LatencyBatch { get; init; } = 1;

    /// <summary>Micro-batch of training, for a target by training time.</summary>
    public int TrainingBatch { get; init; } = 128;

    /// <summary>Whether training fuses norms, for a target by training time.</summary>
    public bool FusedNorms { get; init; } = true;

    /// <summary>Precision of training, for a target by training time.</summary>
    public Precision Precision { get; init; }

    public int IterativeSteps { get; init; } = 1;

    public int IterativeEpochs { get; init; } = 1;

    public PruningSchedule Schedule { get; init; } = PruningSchedule.Exponential;
}
