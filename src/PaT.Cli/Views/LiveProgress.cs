using System.CommandLine;
using Spectre.Console;

namespace PaT.Cli;

/// <summary>Progress on a terminal: a line for each epoch and event, and a live line below them.</summary>
internal sealed class LiveProgress(IAnsiConsole console, LiveDisplayContext live, ParseResult parsed) : IRunObserver
{
    private const string Margin = "  ";

    public void OnEvent(RunEvent happened)
    {
        switch (happened)
        {
            case StepProgressed progress:
                Show(progress.Fraction, ProgressLine.Of(progress));
                break;
            case EpochEnded ended:
                console.WriteLine(Margin + ProgressLine.Of(ended));
                Show(ended.Fraction, ProgressLine.Of(ended));
                break;
            default:
                if (ProgressLine.Of(happened, parsed) is { } line) Write(line, happened.Severity);
                break;
        }
    }

    private void Write(string line, RunEventSeverity severity)
    {
        var color = severity == RunEventSeverity.Warning ? Color.Red : Color.Yellow;
        console.Write(new Text($"{Margin}{line}\n", new Style(color, decoration: Decoration.Bold)));
    }

    private void Show(double fraction, string line)
    {
        var bar = Bar(fraction, console.Profile.Width - line.Length - Margin.Length - 2);
        live.UpdateTarget(new Text(Margin + bar + line, new Style(Color.Green)));
    }

    // A line that wraps would flicker.
    private static string Bar(double fraction, int room)
    {
        if (room < 1) return "";
        var width = Math.Min(room, 20);
        var full = (int)Math.Round(width * Math.Clamp(fraction, 0, 1));
        return $"{new string('█', full)}{new string('░', width - full)} ";
    }
}
