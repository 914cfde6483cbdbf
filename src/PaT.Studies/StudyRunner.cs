using System.Diagnostics;

namespace PaT.Studies;

/// <summary>Runs the cells of a study: finished ones are skipped, several run at a time, one that fails does not stop the others.</summary>
/// <param name="cellsFolder">Holds a folder for each cell.</param>
/// <param name="check">Says which cells cannot run.</param>
/// <param name="runner">Carries cells out.</param>
/// <param name="parallel">How many at a time.</param>
/// <param name="say">Receives a line for each cell.</param>
public sealed class StudyRunner(string cellsFolder, CellCheck check, ICellRunner runner, int parallel, Action<string> say)
{
    private readonly CellResults _results = new();
    private readonly Dictionary<Task, Cell> _running = [];
    private readonly Stopwatch _clock = new();
    private int _done;

    /// <summary>Runs what is not finished.</summary>
    /// <param name="study">The study.</param>
    /// <param name="cancellation">Stops the running cells; what is finished stays.</param>
    /// <returns>The results, also of a study that was stopped.</returns>
    /// <exception cref="ImpossibleCellsException">Some cells cannot run; none was started.</exception>
    public async Task<CellResults> RunAsync(IStudy study, CancellationToken cancellation)
    {
        ReadFinished(study);
        var all = study.Cells(_results).Distinct().ToList();
        var open = all.Where(cell => !_results.IsSettled(cell)).ToList();
        check.RequirePossible(open);
        say($"{study.Name}: {all.Count} cells, {all.Count - open.Count} finished before, {parallel} at a time; their folders are in {cellsFolder}");
        var due = Due(study);
        _clock.Start();
        while (!cancellation.IsCancellationRequested && (due.Count > 0 || _running.Count > 0))
        {
            foreach (var cell in due.Take(parallel - _running.Count))
            {
                _running.Add(Task.Run(() => RunAsync(cell, cancellation), CancellationToken.None), cell);
            }

            await NextAsync(study, cancellation);
            due = Due(study);
        }

        while (_running.Count > 0)
        {
            await NextAsync(study, cancellation);
        }

        if (!cancellation.IsCancellationRequested)
        {
            foreach (var cell in study.Cells(_results).Distinct().Where(cell => !_results.IsSettled(cell)).ToList())
            {
                _results.Fail(cell, $"it begins with the run {string.Join(", ", cell.Needs)}, which has no result");
            }
        }

        return _results;
    }

    private List<Cell> Due(IStudy study) =>
        [.. study.Cells(_results).Distinct().Where(cell => !_results.IsSettled(cell) && !_running.ContainsValue(cell) && cell.Needs.All(id => new CellFolder(Path.Combine(cellsFolder, id)).TryRead(out var _)))];

    /// <summary>What earlier starts have finished, cell by cell, because one result can bring others into view.</summary>
    private void ReadFinished(IStudy study)
    {
        for (var found = true; found;)
        {
            found = false;
            foreach (var cell in study.Cells(_results).Distinct().ToList())
            {
                if (!_results.IsSettled(cell) && Folder(cell).TryRead(out var result))
                {
                    _results.Finish(cell, result);
                    found = true;
                }
            }
        }
    }

    private async Task NextAsync(IStudy study, CancellationToken cancellation)
    {
        var task = await Task.WhenAny(_running.Keys);
        _running.Remove(task, out var cell);
        try
        {
            await task;
            if (!Folder(cell!).TryRead(out var result))
            {
                throw new CellFailedException($"there is no result in {Folder(cell!).Path}, see log.txt there");
            }

            _results.Finish(cell!, result);
            _done++;
            say(FormattableString.Invariant($"  {cell!.Name}: {result.Test:P2} of the test images, {result.Seconds:F0} s of training; {Remaining(study)}"));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // It starts anew with the next start of the study.
        }
        catch (Exception e)
        {
            Folder(cell!).Fail(cell!, e.Message);
            _results.Fail(cell!, e.Message);
            say($"  {cell!.Name}: failed: {e.Message}");
        }
    }

    private async Task RunAsync(Cell cell, CancellationToken cancellation)
    {
        // Cells that only a result could name were not seen when the grid was checked.
        if (check.Error(cell) is { } error)
        {
            throw new CellFailedException(error);
        }

        var folder = Folder(cell);
        Directory.CreateDirectory(folder.Path);
        File.WriteAllText(folder.File(CellFolder.Description), cell.Canonical);
        await runner.RunAsync(cell, folder, cancellation);
    }

    private CellFolder Folder(Cell cell) => new(Path.Combine(cellsFolder, cell.Id));

    private string Remaining(IStudy study)
    {
        var left = study.Cells(_results).Distinct().Count(cell => !_results.IsSettled(cell));
        return left == 0 ? "the last one" : FormattableString.Invariant($"{left} cells left, about {_clock.Elapsed.TotalMinutes / _done * left:F0} minutes");
    }
}
