namespace Microsoft.ML.PaT.Reporting;

/// <summary>The result on test images.</summary>
/// <param name="Accuracy">Fraction of images classified correctly, 0 to 1.</param>
/// <param name="Count">Number of images.</param>
public sealed record TestReport(double Accuracy, int Count);
