namespace Microsoft.ML.PaT.Data;

/// <summary>Information about decoded images besides pixels and labels.</summary>
/// <param name="Unreadable">Names of the first images that were skipped, each with the reason.</param>
/// <param name="UnreadableCount">Number of images that were skipped.</param>
internal sealed record ImageCacheIndex(IReadOnlyList<string> Unreadable, int UnreadableCount);
