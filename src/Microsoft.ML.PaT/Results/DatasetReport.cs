namespace Microsoft.ML.PaT.Reporting;

/// <summary>The number of images of a run.</summary>
/// <param name="Training">Training images.</param>
/// <param name="Validation">Validation images.</param>
/// <param name="Unreadable">Names of the first hundred images that were skipped, each with the reason.</param>
/// <param name="UnreadableCount">Number of images that were skipped because they could not be read.</param>
public sealed record DatasetReport(int Training, int Validation, IReadOnlyList<string> Unreadable, int UnreadableCount);
