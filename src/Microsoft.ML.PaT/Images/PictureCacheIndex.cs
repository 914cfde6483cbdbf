namespace Microsoft.ML.PaT;

/// <summary>What is known about pictures that were decoded, beside their pixels and labels.</summary>
/// <param name="Unreadable">Names of the first pictures that were skipped, each with the reason.</param>
/// <param name="UnreadableCount">How many were skipped in all.</param>
internal sealed record PictureCacheIndex(IReadOnlyList<string> Unreadable, int UnreadableCount);
