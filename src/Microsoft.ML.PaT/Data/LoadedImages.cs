namespace Microsoft.ML.PaT.Data;

/// <summary>What was read from a data view.</summary>
/// <param name="Store">The images; belongs to the caller.</param>
/// <param name="Unreadable">Names of the first hundred images that were skipped, each with the reason.</param>
/// <param name="UnreadableCount">How many were skipped in all.</param>
internal sealed record LoadedImages(ImageDataset Store, IReadOnlyList<string> Unreadable, int UnreadableCount);
