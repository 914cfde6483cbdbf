namespace Microsoft.ML.PaT.Reporting;

/// <summary>Counts of one class; recall is <c>Correct / Images</c>, precision <c>Correct / Predicted</c>.</summary>
/// <param name="Images">Images of the class.</param>
/// <param name="Predicted">Images classified as the class.</param>
/// <param name="Correct">Images of the class that were classified as it.</param>
public sealed record ClassReport(int Images, int Predicted, int Correct);
