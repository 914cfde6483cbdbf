using Spectre.Console;

namespace PaT.Cli;

/// <summary>Progress on a terminal: lines that stay, one an epoch and one an event, above a line that is rewritten.</summary>
/// <param name="console">The terminal.</param>
/// <param name="live">The line that is rewritten.</param>
internal sealed class LiveProgress(IAnsiConsole console, LiveDisplayContext live) : IRunObserver
{
    /// <inheritdoc/>
    public void OnEvent(RunEvent happened)
    {
        switch (happened)
        {
            case StepProgressed progress:
                Show(progress.Fraction, ProgressLine.Of(progress));
                break;
            case EpochEnded ended:
                console.WriteLine("  " + ProgressLine.Of(ended));
                Show(ended.Fraction, ProgressLine.Of(ended));
                break;
            default:
                if (ProgressLine.Of(happened) is { } line)
                {
                    var color = happened.Severity == RunEventSeverity.Warning ? Color.Red : Color.Yellow;
                    console.Write(new Text($"  {line}\n", new Style(color, decoration: Decoration.Bold)));
                }

                break;
        }
    }

    private void Show(double fraction, string line) =>
        live.UpdateTarget(new Text(Bar(fraction, console.Profile.Width - line.Length - 4) + line, new Style(Color.Green)));

    /// <summary>A bar where there is room for one: a line that wraps would flicker.</summary>
    private static string Bar(double fraction, int room)
    {
        var width = Math.Clamp(room, 0, 20);
        var full = (int)Math.Round(width * Math.Clamp(fraction, 0, 1));
        return $"  {new string('█', full)}{new string('░', width - full)} ";
    }
}
