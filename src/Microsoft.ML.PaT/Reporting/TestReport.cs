namespace Microsoft.ML.PaT;

/// <summary>The result on test pictures.</summary>
/// <param name="Accuracy">Share of pictures classified correctly, fraction 0 to 1.</param>
/// <param name="Count">Pictures scored.</param>
public sealed record TestReport(double Accuracy, int Count);
