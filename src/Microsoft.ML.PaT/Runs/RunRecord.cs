using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Runs;

/// <summary>The record of a run so far. Checkpoints include it, and the report is made from it.</summary>
internal sealed record RunRecord
{
    public IReadOnlyList<EpochReport> Epochs { get; init; } = [];

    public IReadOnlyList<ObservationReport> Observations { get; init; } = [];

    /// <summary>Wall time from the start of the run, interruptions excluded.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds of training until the first channels are removed.</summary>
    public double DenseSeconds { get; init; }

    /// <summary>Seconds of training and surgery from the first pruning step to the last.</summary>
    public double PruningSeconds { get; init; }

    /// <summary>Seconds of training after the last pruning step.</summary>
    public double CompactSeconds { get; init; }

    /// <summary>Seconds of scoring, ranking and computing the indicator.</summary>
    public double IndicatorSeconds { get; init; }

    /// <summary>Seconds of scoring the validation images.</summary>
    public double EvaluationSeconds { get; init; }

    /// <summary>Seconds of timing the networks for the report.</summary>
    public double LatencySeconds { get; init; }

    /// <summary>Seconds of writing checkpoints.</summary>
    public double CheckpointSeconds { get; init; }

    /// <summary>Multiply-accumulates, in epochs of the dense network.</summary>
    public double MacEpochs { get; init; }

    /// <summary>The memory format of the dense network.</summary>
    public string? DenseFormat { get; init; }

    /// <summary>The memory format after the latest pruning step; null before the first.</summary>
    public string? CompactFormat { get; init; }

    /// <summary>Milliseconds to score a batch before pruning.</summary>
    public double DenseLatencyMs { get; init; }

    /// <summary>The epoch of the first pruning step; null before it.</summary>
    public int? PruneEpoch { get; init; }

    /// <summary>Why the run pruned then; null before the first pruning step.</summary>
    public string? PruneReason { get; init; }

    /// <summary>The last pruning step; null before it.</summary>
    public LastPruning? LastPruning { get; init; }

    /// <summary>The retraining; null before pruning, or if the schedule of the run continues.</summary>
    public RetrainingReport? Retraining { get; init; }

    /// <summary>How the batch size grew after pruning; null if it did not.</summary>
    public BatchGrowthReport? BatchGrowth { get; init; }

    /// <summary>The latest indicator; null if it is not defined.</summary>
    public double? Epi => Observations.Count > 0 ? Observations[^1].Epi : null;

    /// <summary>The last indicator within an epoch; null if it is not defined or nothing was observed.</summary>
    public double? EpiOf(int epoch) => Observations.LastOrDefault(o => o.At > epoch && o.At <= epoch + 1)?.Epi;

    public TrainingPhase PhaseOf(int epoch) =>
        PruneEpoch is not { } first || epoch < first ? TrainingPhase.Dense
        : LastPruning is not { } last || epoch <= last.Epoch ? TrainingPhase.Pruning
        : TrainingPhase.Compact;
}
