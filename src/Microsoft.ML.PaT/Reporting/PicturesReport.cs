namespace Microsoft.ML.PaT;

/// <summary>How many pictures took part.</summary>
/// <param name="Training">Pictures trained on.</param>
/// <param name="Validation">Pictures held out.</param>
/// <param name="Unreadable">Names of the first hundred pictures that were skipped because they could not be read, each with the reason.</param>
/// <param name="UnreadableCount">How many were skipped in all.</param>
public sealed record PicturesReport(int Training, int Validation, IReadOnlyList<string> Unreadable, int UnreadableCount);
