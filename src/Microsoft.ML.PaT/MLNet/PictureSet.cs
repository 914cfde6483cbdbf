namespace Microsoft.ML.PaT;

/// <summary>What was read from a data view.</summary>
/// <param name="Store">The pictures; belongs to the caller.</param>
/// <param name="Unreadable">Names of the first hundred pictures that were skipped, each with the reason.</param>
/// <param name="UnreadableCount">How many were skipped in all.</param>
internal sealed record PictureSet(PictureStore Store, IReadOnlyList<string> Unreadable, int UnreadableCount);
