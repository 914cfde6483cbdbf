using System.Diagnostics;

namespace PaT.Studies;

/// <summary>
/// Runs the cells of a study. It skips finished cells, runs several at a time, and continues after a cell has failed.
/// </summary>
/// <param name="cellsFolder">The folder with one folder for each cell.</param>
/// <param name="check">Finds cells that cannot run.</param>
/// <param name="runner">Runs a cell.</param>
/// <param name="parallel">Cells at a time.</param>
/// <param name="say">Receives a line for each cell.</param>
public sealed class StudyRunner(
    string cellsFolder, CellCheck check, ICellRunner runner, int parallel, Action<string> say)
{
    private readonly CellResults _results = new();
    private readonly Dictionary<Task, Cell> _running = [];
    private readonly Stopwatch _clock = new();
    private int _trainedEpochs;

    /// <summary>Measures the seconds of a dense epoch before the first cell runs; null for no estimate.</summary>
    public Func<double>? TimeEpoch { get; init; }

    /// <summary>Receives all results after each cell, so that pages need not wait for the last one.</summary>
    public Action<CellResults>? CellEnded { get; init; }

    /// <summary>Runs the cells that are not finished.</summary>
    /// <param name="study">The study.</param>
    /// <param name="cancellation">Stops the running cells; finished results stay.</param>
    /// <returns>The results, also of a study that was stopped.</returns>
    /// <exception cref="ImpossibleCellsException">Some cells cannot run; none was started.</exception>
    public async Task<CellResults> RunAsync(IStudy study, CancellationToken cancellation)
    {
        ReadFinished(study);
        var all = study.Cells(_results).Distinct().ToList();
        var open = all.Where(cell => !_results.IsSettled(cell)).ToList();
        check.RequirePossible(open);
        say($"{study.Name}: {all.Count} cells, {all.Count - open.Count} finished before, {parallel} at a time, "
            + $"in {cellsFolder}");
        if (open.Count > 0) SayTime(open, cancellation);
        var due = Due(study);
        _clock.Start();
        while (!cancellation.IsCancellationRequested && (due.Count > 0 || _running.Count > 0))
        {
            foreach (var cell in due.Take(parallel - _running.Count))
                _running.Add(Task.Run(() => RunAsync(cell, cancellation), CancellationToken.None), cell);
            await NextAsync(study, cancellation);
            due = Due(study);
        }

        while (_running.Count > 0) await NextAsync(study, cancellation);
        if (!cancellation.IsCancellationRequested)
        {
            foreach (var cell in Open(study))
                _results.Fail(cell, $"it starts from the run {cell.Start?.Cell}, which has no result");
        }
        return _results;
    }

    private void SayTime(IEnumerable<Cell> open, CancellationToken cancellation)
    {
        try
        {
            if (TimeEpoch?.Invoke() is not { } seconds) return;
            var total = open.Sum(cell => cell.TrainedEpochs) * seconds / parallel;
            say(FormattableString.Invariant(
                $"a dense epoch takes {seconds:F1} s here, so these cells train for at most about {Span(total)}"));
        }
        catch (PaTException e)
        {
            say($"the time cannot be estimated: {e.Message}"); // the cells that fail alike are named one by one
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // No cell starts, and the results so far are returned.
        }
    }

    private List<Cell> Open(IStudy study) =>
        [.. study.Cells(_results).Distinct().Where(cell => !_results.IsSettled(cell))];

    private List<Cell> Due(IStudy study) =>
    [
        .. Open(study).Where(cell => !_running.ContainsValue(cell)
            && (cell.Start is not { } start || Folder(cell).Sibling(start.Cell).TryRead(out _))),
    ];

    // A result can make further cells known.
    private void ReadFinished(IStudy study)
    {
        for (var found = true; found;)
        {
            found = false;
            foreach (var cell in Open(study))
            {
                if (!Folder(cell).TryRead(out var result)) continue;
                _results.Finish(cell, result);
                found = true;
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
                throw new CellFailedException($"there is no result in {Folder(cell!).Path}, see log.txt there");
            _results.Finish(cell!, result);
            _trainedEpochs += cell!.TrainedEpochs;
            say(FormattableString.Invariant($"  {cell.Name}: {result.Test:0.00 %} of the test images, ")
                + FormattableString.Invariant($"{result.WallSeconds:F0} s; {Progress(study)}"));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The next start of the study runs it again.
        }
        catch (Exception e)
        {
            _results.Fail(cell!, e.Message);
            say($"  {cell!.Name}: failed: {e.Message}");
            Record(cell, e.Message);
        }
        CellEnded?.Invoke(_results);
    }

    private void Record(Cell cell, string error)
    {
        try
        {
            Folder(cell).Fail(error);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            say($"  {cell.Name}: the reason was not written: {e.Message}"); // a full disk ends no study
        }
    }

    private async Task RunAsync(Cell cell, CancellationToken cancellation)
    {
        // Cells that depend on results were not known when the grid was checked.
        if (check.Error(cell) is { } error) throw new CellFailedException(error);
        var folder = Folder(cell);
        Directory.CreateDirectory(folder.Path);
        cell.Write(folder.Description);
        await runner.RunAsync(cell, folder, cancellation);
    }

    private CellFolder Folder(Cell cell) => new(Path.Combine(cellsFolder, cell.Id));

    private string Progress(IStudy study)
    {
        var all = study.Cells(_results).Distinct().ToList();
        var open = all.Where(cell => !_results.IsSettled(cell)).ToList();
        var done = $"{all.Count - open.Count} of {all.Count} cells done";
        if (open.Count == 0 || _trainedEpochs == 0) return done;
        var left = _clock.Elapsed.TotalSeconds / _trainedEpochs * open.Sum(cell => cell.TrainedEpochs);
        return $"{done}, about {Span(left)} left";
    }

    private static string Span(double seconds)
    {
        var span = TimeSpan.FromSeconds(seconds);
        return span.TotalMinutes < 2 ? FormattableString.Invariant($"{seconds:F0} s")
            : span.TotalHours < 2 ? FormattableString.Invariant($"{span.TotalMinutes:F0} min")
            : FormattableString.Invariant($"{(int)span.TotalHours} h {span.Minutes:00} min");
    }
}
