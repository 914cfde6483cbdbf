namespace Microsoft.ML.PaT.Reporting;

/// <summary>How many images took part.</summary>
/// <param name="Training">Images trained on.</param>
/// <param name="Validation">Images held out.</param>
/// <param name="Unreadable">Names of the first hundred images that were skipped because they could not be read, each with the reason.</param>
/// <param name="UnreadableCount">How many were skipped in all.</param>
public sealed record DatasetReport(int Training, int Validation, IReadOnlyList<string> Unreadable, int UnreadableCount);
