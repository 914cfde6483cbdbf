namespace Microsoft.ML.PaT.Reporting;

/// <summary>How the compact network learned from the dense one, see <see cref="DistillationOptions"/>.</summary>
/// <param name="Temperature">What logits were divided by.</param>
/// <param name="Weight">How much of the loss it was, fraction 0 to 1.</param>
public sealed record DistillationReport(double Temperature, double Weight);
