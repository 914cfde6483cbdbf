namespace Microsoft.ML.PaT.Reporting;

/// <summary>How much was asked to be removed.</summary>
/// <param name="Kind">What is counted: <c>channels</c>, <c>macs</c>, <c>parameters</c>, <c>latency</c>.</param>
/// <param name="Value">The fraction to remove, fraction 0 to 1.</param>
public sealed record TargetReport(string Kind, double Value);
