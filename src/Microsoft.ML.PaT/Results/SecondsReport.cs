namespace Microsoft.ML.PaT.Reporting;

/// <summary>Seconds of <c>Fit</c>, by phase.</summary>
/// <param name="Total">From the first image decoded to the finished model.</param>
/// <param name="Dense">Training until the first pruning step.</param>
/// <param name="Pruning">Training from the first pruning step to the last, ranking and surgery included.</param>
/// <param name="Compact">Training after the last pruning step.</param>
/// <param name="Indicator">Scoring and ranking channels, and computing the indicator.</param>
public sealed record SecondsReport(double Total, double Dense, double Pruning, double Compact, double Indicator);
