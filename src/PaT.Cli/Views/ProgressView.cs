using Spectre.Console;

namespace PaT.Cli;

/// <summary>Shows a run while it goes: a live line on a terminal, a line an epoch in a log.</summary>
internal static class ProgressView
{
    /// <summary>Runs something that sends events, and shows them.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="error">Where progress goes.</param>
    /// <param name="title">What runs.</param>
    /// <param name="work">The run, given what receives its events.</param>
    public static T Watch<T>(TextWriter error, string title, Func<IRunObserver, T> work)
    {
        if (!Consoles.IsTerminal(error))
        {
            error.WriteLine($"{title}:");
            return work(new PlainProgress(error));
        }

        var console = Consoles.On(error);
        console.MarkupLineInterpolated($"[bold]{title}[/]:");
        return console.Live(new Text("  reading images")).AutoClear(true).Start(live => work(new LiveProgress(console, live)));
    }
}
