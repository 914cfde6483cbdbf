namespace PaT.Cli;

/// <summary>How well a classifier does on one class.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Images">Images of it.</param>
/// <param name="Correct">Those classified as it.</param>
/// <param name="Recall">Correct ones among its images, fraction 0 to 1; null without images.</param>
/// <param name="Precision">Correct ones among what is classified as it, fraction 0 to 1; null where nothing is.</param>
internal sealed record ClassMetrics(string Class, int Images, int Correct, double? Recall, double? Precision);
