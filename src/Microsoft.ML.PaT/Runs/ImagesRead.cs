namespace Microsoft.ML.PaT.Runs;

/// <summary>How the images of a run were read.</summary>
/// <param name="Unreadable">Names of the first hundred images that were skipped, each with the reason.</param>
/// <param name="UnreadableCount">Number of images that were skipped.</param>
/// <param name="Seconds">Seconds of reading.</param>
internal sealed record ImagesRead(IReadOnlyList<string> Unreadable, int UnreadableCount, double Seconds);
