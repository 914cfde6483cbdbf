using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT.Runs;

/// <summary>The record of a run at one moment.</summary>
/// <param name="Epochs">The epochs that are over.</param>
/// <param name="Seconds">Seconds of the run so far.</param>
/// <param name="Dense">Of these, training the dense network.</param>
/// <param name="Pruning">Of these, from the first cut to the last.</param>
/// <param name="Compact">Of these, training the compact network.</param>
/// <param name="PruneEpoch">The epoch of the first cut; null before it.</param>
/// <param name="PruneReason">Why it was made; null before it.</param>
/// <param name="Pruned">The epoch of the last cut; null before it.</param>
/// <param name="DenseLatencyMs">Milliseconds for one image before the cut.</param>
/// <param name="Retraining">The retraining after the cut; null before it, and without one.</param>
/// <param name="MacEpochs">Multiply-accumulates so far, in epochs of the dense network.</param>
/// <param name="MemoryFormat">The memory format of the dense network in training.</param>
/// <param name="CompactMemoryFormat">That of the network after the last cut so far; null before the first.</param>
/// <param name="CutAt">Epochs done when the last channels went; null before.</param>
/// <param name="CutSeconds">Seconds of the run then.</param>
/// <param name="MacsLeft">What was left of the multiply-accumulates.</param>
/// <param name="Growth">How batches grow after the cut; null when they do not.</param>
internal sealed record RunRecorderState(
    IReadOnlyList<EpochReport> Epochs, double Seconds, double Dense, double Pruning, double Compact, int? PruneEpoch, string? PruneReason, int? Pruned, double DenseLatencyMs, RetrainingReport? Retraining,
    double? MacEpochs = null, string? MemoryFormat = null, string? CompactMemoryFormat = null,
    double? CutAt = null, double? CutSeconds = null, double? MacsLeft = null, BatchGrowthReport? Growth = null);
