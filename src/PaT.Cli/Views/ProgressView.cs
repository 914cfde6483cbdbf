using System.CommandLine;
using Spectre.Console;

namespace PaT.Cli;

/// <summary>Shows the progress of a run: a live line on a terminal, a line per epoch in a log.</summary>
internal static class ProgressView
{
    /// <param name="parsed">The command line, whose options the lines name.</param>
    public static T Watch<T>(TextWriter error, string title, ParseResult parsed, Func<IRunObserver, T> work)
    {
        if (!Consoles.IsTerminal(error))
        {
            error.WriteLine($"{title}:");
            return work(new PlainProgress(error, parsed));
        }
        var console = Consoles.On(error);
        console.MarkupLineInterpolated($"[bold]{title}[/]:");
        var display = console.Live(new Text("  reading images")).AutoClear(true);
        return display.Start(live => work(new LiveProgress(console, live, parsed)));
    }
}
