namespace PaT.Cli;

/// <summary>Progress as lines that stay: one an epoch, one an event.</summary>
/// <param name="writer">Where they go.</param>
internal sealed class PlainProgress(TextWriter writer) : IRunObserver
{
    /// <inheritdoc/>
    public void OnEvent(RunEvent happened)
    {
        if (happened is not StepProgressed && ProgressLine.Of(happened) is { } line)
        {
            writer.WriteLine($"  {line}");
        }
    }
}
