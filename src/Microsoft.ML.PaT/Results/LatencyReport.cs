namespace Microsoft.ML.PaT.Results;

/// <summary>Time to score one batch on the training device.</summary>
/// <param name="DenseMs">Median milliseconds before pruning; null when it was not measured.</param>
/// <param name="CompactMs">
/// Median milliseconds after pruning; null when nothing was pruned or it was not measured.
/// </param>
/// <param name="PredictedMs">
/// The prediction of the layers' latency table for <paramref name="CompactMs"/>; null without a latency target at this
/// batch size.
/// </param>
internal sealed record LatencyReport(int Batch, double? DenseMs, double? CompactMs, double? PredictedMs);
