using System.CommandLine;

namespace PaT.Cli;

/// <summary>Progress in a log: a line for each epoch and event.</summary>
internal sealed class PlainProgress(TextWriter writer, ParseResult parsed) : IRunObserver
{
    public void OnEvent(RunEvent happened)
    {
        if (happened is not StepProgressed && ProgressLine.Of(happened, parsed) is { } line)
            writer.WriteLine($"  {line}");
    }
}
