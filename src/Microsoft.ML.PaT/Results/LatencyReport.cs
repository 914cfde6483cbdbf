namespace Microsoft.ML.PaT.Reporting;

/// <summary>Time to score one batch on the device trained on.</summary>
/// <param name="Batch">Images in the batch.</param>
/// <param name="DenseMs">Median milliseconds before the cut; null when it was not measured.</param>
/// <param name="CompactMs">Median milliseconds after the cut; null when nothing was pruned or it was not measured.</param>
/// <param name="PredictedMs">What the table of layers predicted for <paramref name="CompactMs"/>; null without a target by latency at this batch.</param>
public sealed record LatencyReport(int Batch, double? DenseMs, double? CompactMs, double? PredictedMs);
