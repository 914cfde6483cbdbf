namespace PaT.Cli;

/// <summary>The metrics of a classifier on one class.</summary>
/// <param name="Images">Number of its images.</param>
/// <param name="Recall">Correct ones among its images, fraction 0 to 1; null without images.</param>
/// <param name="Precision">Correct images among those classified as this class, fraction 0 to 1; null if there are
/// none.</param>
internal sealed record ClassMetrics(string Class, int Images, int Correct, double? Recall, double? Precision);
