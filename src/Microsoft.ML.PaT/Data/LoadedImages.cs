namespace Microsoft.ML.PaT.Data;

/// <summary>Images that were read from a data view.</summary>
/// <param name="Store">The images; owned by the caller.</param>
/// <param name="Unreadable">Names of the first hundred images that were skipped, each with the reason.</param>
/// <param name="UnreadableCount">Number of images that were skipped.</param>
internal sealed record LoadedImages(ImageDataset Store, IReadOnlyList<string> Unreadable, int UnreadableCount);
