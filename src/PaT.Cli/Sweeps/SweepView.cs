using Microsoft.ML.PaT.Experiments;
using PaT.Studies;
using Spectre.Console;

namespace PaT.Cli;

/// <summary>Shows the progress of a sweep: a table that grows on a terminal, a line per trial in a log.</summary>
internal static class SweepView
{
    /// <summary>Runs a sweep and shows it.</summary>
    /// <param name="work">The sweep. Its parameters are the receiver of trials and the observer of the current
    /// trial.</param>
    public static PruningExperimentResult Watch(
        TextWriter error, Func<IProgress<PruningTrial>, IRunObserver?, PruningExperimentResult> work)
    {
        if (!Consoles.IsTerminal(error))
            return work(new Receiver<PruningTrial>(trial => error.WriteLine($"  {Line(trial)}")), null);

        var console = Consoles.On(error);
        var table = new Table().Border(TableBorder.Rounded).AddColumns(
            "trial", "values", "state", "epochs", "accuracy %", "ms", "million MACs", "parameters");
        table.Caption = new TableTitle("reading images");
        return console.Live(table).Start(live => work(
            new Receiver<PruningTrial>(trial =>
            {
                Show(table, trial);
                live.Refresh();
            }),
            IRunObserver.Of(happened =>
            {
                if (ProgressLine.Of(happened) is not { } line) return;
                table.Caption = new TableTitle(Markup.Escape(line));
                live.Refresh();
            })));
    }

    /// <summary>A trial as a row of a table.</summary>
    public static string[] Cells(PruningTrial trial) =>
    [
        $"{trial.Number}",
        string.Join(", ", trial.Values.Select(v => $"{v.Key} {v.Value}")),
        trial.State.ToString().ToLowerInvariant(),
        $"{trial.Epochs}",
        StudyTable.Number(100 * (trial.Accuracy ?? double.NaN)),
        StudyTable.Number(trial.LatencyMs ?? double.NaN),
        StudyTable.Number(trial.Macs / 1e6 ?? double.NaN),
        StudyTable.Count(trial.Parameters ?? double.NaN),
    ];

    // A trial that continues after a comparison keeps its row.
    private static void Show(Table table, PruningTrial trial)
    {
        var cells = Array.ConvertAll(Cells(trial), cell => new Text(cell));
        if (trial.Number > table.Rows.Count)
        {
            table.AddRow(cells);
            return;
        }
        foreach (var (column, cell) in cells.Index()) table.UpdateCell(trial.Number - 1, column, cell);
    }

    private static string Line(PruningTrial trial)
    {
        if (trial.Exception is { } e) return $"{trial}: {OneLine.Of(e)}";
        var cost = trial.Macs is { } macs
            ? FormattableString.Invariant($", {trial.LatencyMs:F2} ms, {macs / 1e6:F1} million MACs")
            : "";
        return $"{trial} after {trial.Epochs} epochs{cost}";
    }

    private sealed class Receiver<T>(Action<T> receive) : IProgress<T>
    {
        public void Report(T value) => receive(value);
    }
}
