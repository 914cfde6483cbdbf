namespace Microsoft.ML.PaT.Reporting;

/// <summary>The cost of a network.</summary>
/// <param name="Parameters">Trainable parameters.</param>
/// <param name="Macs">Multiply-accumulates of convolutions and linear layers for one image.</param>
/// <param name="LatencyMs">
/// Median milliseconds to score a batch of <see cref="PruningOptions.LatencyBatch"/> images on the training device;
/// null when it was not measured.
/// </param>
public sealed record ModelReport(long Parameters, long Macs, double? LatencyMs);
