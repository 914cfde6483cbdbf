namespace Microsoft.ML.PaT.Reporting;

/// <summary>Seconds of <c>Fit</c>, by phase.</summary>
/// <param name="Total">From the first image decoded to the finished model.</param>
/// <param name="Dense">Training until the first pruning step.</param>
/// <param name="Pruning">Training from the first pruning step to the last, ranking and surgery included.</param>
/// <param name="Compact">Training after the last pruning step.</param>
/// <param name="Indicator">Scoring and ranking channels, and computing the indicator.</param>
public sealed record SecondsReport(double Total, double Dense, double Pruning, double Compact, double Indicator)
{
    /// <summary>Reading and decoding the images.</summary>
    public double Reading { get; init; }

    /// <summary>Scoring the validation images, after each epoch and at the end.</summary>
    public double Evaluation { get; init; }

    /// <summary>Timing the networks for the latencies of the report.</summary>
    public double Latency { get; init; }

    /// <summary>Writing checkpoints.</summary>
    public double Checkpoints { get; init; }
}
