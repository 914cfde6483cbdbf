namespace PaT.Cli;

/// <summary>How well a classifier does on one class.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Pictures">Pictures of it.</param>
/// <param name="Correct">Those classified as it.</param>
/// <param name="Recall">Correct ones among its pictures, fraction 0 to 1; null without pictures.</param>
/// <param name="Precision">Correct ones among what is classified as it, fraction 0 to 1; null where nothing is.</param>
internal sealed record ClassMetrics(string Class, int Pictures, int Correct, double? Recall, double? Precision);
