namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Proposes trials, runs them, drops those that halving excludes, and ends after the last point, the time budget or
/// cancellation.
/// </summary>
/// <param name="settings">Must be valid.</param>
/// <param name="runner">Runs trials.</param>
/// <param name="report">Receives every finished, paused or failed trial.</param>
internal sealed class TrialSearch(PruningExperimentSettings settings, ITrialRunner runner, Action<PruningTrial> report)
{
    /// <summary>Least number of repeated proposals after which the search space counts as exhausted.</summary>
    private const int Patience = 200;

    private readonly List<PruningTrial> _trials = [];
    private readonly List<TriedPoint> _tried = [];

    /// <returns>All trials that were started, in order.</returns>
    public IReadOnlyList<PruningTrial> Run()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(settings.CancellationToken);
        if (settings.TimeBudget is { } budget) stop.CancelAfter(budget);
        var sampler = settings.Strategy.Start(settings.Space.Dimensions, settings.Seed);
        var rungs = settings.Halving?.Rungs(settings.Options.Training.Epochs, sampler.Trials);
        while (_trials.Count < sampler.Trials && !stop.IsCancellationRequested
            && Propose(sampler) is var (trial, point))
        {
            trial = Run(trial, rungs?[0].Epochs, stop.Token);
            _trials.Add(trial);
            _tried.Add(new(point, trial.Accuracy));
        }
        if (settings.Halving is { } halving)
            Climb(halving.Rungs(settings.Options.Training.Epochs, _trials.Count), stop.Token);
        return _trials;
    }

    private (PruningTrial Trial, double[] Point)? Propose(ISampler sampler)
    {
        // Many points of a grid can be the same trial: without pruning, ratio and criterion have no effect.
        var most = Math.Max(Patience, sampler.Trials);
        foreach (var point in sampler.Next(_tried).Take(most))
        {
            var (options, values) = settings.Space.At(settings.Options, point);
            var id = runner.IdOf(options);
            if (_trials.TrueForAll(t => t.Id != id))
                return (new() { Number = _trials.Count + 1, Id = id, Values = values, Options = options }, point);
        }
        return null;
    }

    /// <summary>Runs the rungs of successive halving; each rung has fewer trials.</summary>
    private void Climb(IReadOnlyList<(int Epochs, int Trials)> rungs, CancellationToken stop)
    {
        var left = _trials;
        for (var rung = 1; rung < rungs.Count && !stop.IsCancellationRequested; rung++)
        {
            var best = left.Where(t => t.State is TrialState.Paused or TrialState.Finished)
                .OrderByDescending(t => t.Accuracy)
                .ThenBy(t => t.Number)
                .Take(rungs[rung].Trials)
                .ToList();
            foreach (var behind in left.Except(best).Where(t => t.State == TrialState.Paused)) runner.Release(behind);
            left = [];
            foreach (var trial in best.OrderBy(t => t.Number))
            {
                if (stop.IsCancellationRequested) break;
                left.Add(
                    trial.State == TrialState.Finished
                        ? trial
                        : Run(trial, rung == rungs.Count - 1 ? null : rungs[rung].Epochs, stop));
                _trials[trial.Number - 1] = left[^1];
            }
        }
    }

    private PruningTrial Run(PruningTrial trial, int? until, CancellationToken stop)
    {
        try
        {
            trial = runner.Run(trial, until, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            // Any exception fails only this trial, because the experiment may take hours.
            trial = trial with { State = TrialState.Failed, Accuracy = null, Exception = e };
        }
        catch (OperationCanceledException)
        {
            trial = trial with { State = TrialState.Stopped, Accuracy = null };
        }
        if (trial.State != TrialState.Stopped) report(trial);
        return trial;
    }
}
