namespace PaT.Cli;

/// <summary>The metrics of a classifier on one class.</summary>
/// <param name="Class">Name.</param>
/// <param name="Images">Number of its images.</param>
/// <param name="Correct">Those that are classified correctly.</param>
/// <param name="Recall">Correct ones among its images, fraction 0 to 1; null without images.</param>
/// <param name="Precision">Correct ones among the images classified as it; null where there are none.</param>
internal sealed record ClassMetrics(string Class, int Images, int Correct, double? Recall, double? Precision);
