using Microsoft.ML.PaT.Experiments;
using Spectre.Console;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>Shows a sweep while it goes: a table that grows on a terminal, a line a trial in a log.</summary>
internal static class SweepView
{
    /// <summary>Runs a sweep and shows it.</summary>
    /// <param name="error">Where progress goes.</param>
    /// <param name="work">The sweep: given what receives trials, and what receives the progress of the one under way.</param>
    public static PruningExperimentResult Watch(TextWriter error, Func<IProgress<PruningTrial>, IRunObserver?, PruningExperimentResult> work)
    {
        if (!Consoles.IsTerminal(error))
        {
            return work(new Receiver<PruningTrial>(trial => error.WriteLine($"  {Line(trial)}")), null);
        }

        var console = Consoles.On(error);
        var table = new Table().AddColumns("trial", "what", "state", "epochs", "accuracy", "ms", "million MACs", "parameters").Border(TableBorder.Rounded);
        table.Caption = new TableTitle("reading images");
        return console.Live(table).Start(live => work(
            new Receiver<PruningTrial>(trial =>
            {
                Show(table, trial);
                live.Refresh();
            }),
            IRunObserver.Of(happened =>
            {
                if (ProgressLine.Of(happened) is { } line)
                {
                    table.Caption = new TableTitle(Markup.Escape(line));
                    live.Refresh();
                }
            })));
    }

    /// <summary>A trial in the columns of a table.</summary>
    /// <param name="trial">The trial.</param>
    public static string[] Cells(PruningTrial trial) =>
    [
        $"{trial.Number}", string.Join(", ", trial.Values.Select(v => $"{v.Key} {v.Value}")), trial.State.ToString().ToLowerInvariant(), $"{trial.Epochs}",
        StudyTable.Number(100 * (trial.Accuracy ?? double.NaN)), StudyTable.Number(trial.LatencyMs ?? double.NaN), StudyTable.Number(trial.Macs / 1e6 ?? double.NaN), StudyTable.Count(trial.Parameters ?? double.NaN),
    ];

    /// <summary>A trial that goes on after a comparison keeps its row.</summary>
    private static void Show(Table table, PruningTrial trial)
    {
        var cells = Array.ConvertAll(Cells(trial), cell => new Text(cell));
        if (trial.Number > table.Rows.Count)
        {
            table.AddRow(cells);
            return;
        }

        foreach (var (column, cell) in cells.Index())
        {
            table.UpdateCell(trial.Number - 1, column, cell);
        }
    }

    private static string Line(PruningTrial trial) => trial.Exception is { } e ? $"{trial}: {OneLine.Of(e)}" : FormattableString.Invariant($"{trial} after {trial.Epochs} epochs{(trial.Macs is { } macs ? FormattableString.Invariant($", {trial.LatencyMs:F2} ms, {macs / 1e6:F1} million MACs") : "")}");

    private sealed class Receiver<T>(Action<T> receive) : IProgress<T>
    {
        public void Report(T value) => receive(value);
    }
}
