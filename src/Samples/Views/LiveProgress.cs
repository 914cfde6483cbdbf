using Spectre.Console;

namespace Microsoft.ML.PaT.Samples;

/// <summary>Progress on a terminal: lines that stay, one an epoch and one an event, above a line that is rewritten.</summary>
/// <param name="console">The terminal.</param>
/// <param name="live">The line that is rewritten.</param>
/// <param name="title">What runs.</param>
internal sealed class LiveProgress(IAnsiConsole console, LiveDisplayContext live, string title) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Event is { } happened)
        {
            console.MarkupLineInterpolated($"{title}: [bold yellow]{happened}[/]");
        }

        if (value.EpochEnded)
        {
            console.WriteLine($"{title}: {ProgressLine.Of(value)}");
        }

        live.UpdateTarget(new Text($"{Bar(value.Fraction)} {ProgressLine.Of(value)}", new Style(Color.Green)));
    }

    private static string Bar(double fraction)
    {
        const int Width = 20;
        var full = (int)Math.Round(Width * Math.Clamp(fraction, 0, 1));
        return new string('█', full) + new string('░', Width - full);
    }
}
