namespace Microsoft.ML.PaT.Data;

/// <summary>What is known about images that were decoded, beside their pixels and labels.</summary>
/// <param name="Unreadable">Names of the first images that were skipped, each with the reason.</param>
/// <param name="UnreadableCount">How many were skipped in all.</param>
internal sealed record ImageCacheIndex(IReadOnlyList<string> Unreadable, int UnreadableCount);
