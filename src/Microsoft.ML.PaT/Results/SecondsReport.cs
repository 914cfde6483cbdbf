namespace Microsoft.ML.PaT.Reporting;

/// <summary>Where the time of <c>Fit</c> went, in seconds.</summary>
/// <param name="Total">From the first image decoded to the finished model.</param>
/// <param name="Dense">Training loop until the first channels go.</param>
/// <param name="Pruning">Training loop from the first channels to the last, ranking and surgery included.</param>
/// <param name="Compact">Training loop after that.</param>
/// <param name="Indicator">Gathering scores, ranking and the indicator itself.</param>
public sealed record SecondsReport(double Total, double Dense, double Pruning, double Compact, double Indicator);
