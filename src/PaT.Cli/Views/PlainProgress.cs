namespace PaT.Cli;

/// <summary>Progress as lines that stay: one an epoch, one an event.</summary>
/// <param name="writer">Where they go.</param>
internal sealed class PlainProgress(TextWriter writer) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Event is { } happened)
        {
            writer.WriteLine($"  {happened}");
        }

        if (value.EpochEnded)
        {
            writer.WriteLine($"  {ProgressLine.Of(value)}");
        }
    }
}
