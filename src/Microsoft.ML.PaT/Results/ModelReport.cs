namespace Microsoft.ML.PaT.Reporting;

/// <summary>What a network costs.</summary>
/// <param name="Parameters">Trainable parameters.</param>
/// <param name="Macs">Multiply-accumulates of convolutions and linear layers for one image.</param>
/// <param name="LatencyMs">Median milliseconds to score a batch (of <see cref="RunReport.LatencyBatch"/> images, one unless told otherwise) on the device trained on; null when it was not measured.</param>
public sealed record ModelReport(long Parameters, long Macs, double? LatencyMs);
