using Spectre.Console;

namespace PaT.Cli;

/// <summary>Progress on a terminal: lines that stay, one an epoch and one an event, above a line that is rewritten.</summary>
/// <param name="console">The terminal.</param>
/// <param name="live">The line that is rewritten.</param>
internal sealed class LiveProgress(IAnsiConsole console, LiveDisplayContext live) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Event is { } happened)
        {
            console.MarkupLineInterpolated($"  [bold yellow]{happened}[/]");
        }

        if (value.EpochEnded)
        {
            console.WriteLine("  " + ProgressLine.Of(value));
        }

        var line = ProgressLine.Of(value);
        live.UpdateTarget(new Text(Bar(value.Fraction, console.Profile.Width - line.Length - 4) + line, new Style(Color.Green)));
    }

    /// <summary>A bar where there is room for one: a line that wraps would flicker.</summary>
    private static string Bar(double fraction, int room)
    {
        var width = Math.Clamp(room, 0, 20);
        var full = (int)Math.Round(width * Math.Clamp(fraction, 0, 1));
        return $"  {new string('█', full)}{new string('░', width - full)} ";
    }
}
