namespace Microsoft.ML.PaT.Data;

/// <summary>Content of the JSON document in a file of decoded images.</summary>
/// <param name="Unreadable">Names of the first images that were skipped, each with the reason.</param>
/// <param name="UnreadableCount">Number of images that were skipped.</param>
internal sealed record ImageCacheIndex(IReadOnlyList<string> Unreadable, int UnreadableCount);
