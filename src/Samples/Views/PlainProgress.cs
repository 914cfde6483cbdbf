namespace Microsoft.ML.PaT.Samples;

/// <summary>Progress as lines that stay: one an epoch, one an event.</summary>
/// <param name="writer">Where they go.</param>
/// <param name="title">What runs.</param>
internal sealed class PlainProgress(TextWriter writer, string title) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Event is { } happened)
        {
            writer.WriteLine($"{title}: {happened}");
        }

        if (value.EpochEnded)
        {
            writer.WriteLine($"{title}: {ProgressLine.Of(value)}");
        }
    }
}
