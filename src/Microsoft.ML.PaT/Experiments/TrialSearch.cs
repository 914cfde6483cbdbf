namespace Microsoft.ML.PaT.Experiments;

/// <summary>The search itself: proposes trials, has them run, leaves behind what halving says, and ends with its points, its time, or its user's patience.</summary>
/// <param name="settings">The experiment; valid.</param>
/// <param name="runner">Carries trials out.</param>
/// <param name="report">Receives every trial as soon as it is finished, paused or failed.</param>
internal sealed class TrialSearch(PruningExperimentSettings settings, ITrialRunner runner, Action<PruningTrial> report)
{
    /// <summary>Draws of a point that was tried already before the space counts as exhausted.</summary>
    private const int Patience = 200;

    private readonly List<PruningTrial> _trials = [];
    private readonly List<TriedPoint> _tried = [];

    /// <summary>Searches.</summary>
    /// <returns>All trials that were started, in their order.</returns>
    public IReadOnlyList<PruningTrial> Run()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(settings.CancellationToken);
        if (settings.TimeBudget is { } budget) stop.CancelAfter(budget);
        var sampler = settings.Strategy.Start(settings.Space.Dimensions, settings.Seed);
        var rungs = settings.Halving?.Rungs(settings.Options.Training.Epochs, sampler.Trials);
        while (_trials.Count < sampler.Trials && !stop.IsCancellationRequested && Propose(sampler) is var (trial, point))
        {
            trial = Run(trial, rungs?[0].Epochs, stop.Token);
            _trials.Add(trial);
            _tried.Add(new(point, trial.Accuracy));
        }
        if (settings.Halving is { } halving) Climb(halving.Rungs(settings.Options.Training.Epochs, _trials.Count), stop.Token);
        return _trials;
    }

    /// <summary>The next trial that is not one of those before.</summary>
    private (PruningTrial Trial, double[] Point)? Propose(ISampler sampler)
    {
        for (var attempt = 0; attempt < Patience && sampler.Next(_tried) is { } point; attempt++)
        {
            var (options, values) = settings.Space.At(settings.Options, point);
            var id = runner.IdOf(options);
            if (_trials.TrueForAll(t => t.Id != id)) return (new() { Number = _trials.Count + 1, Id = id, Values = values, Options = options }, point);
        }
        return null;
    }

    /// <summary>From comparison to comparison, fewer trials go on.</summary>
    private void Climb(IReadOnlyList<(int Epochs, int Trials)> rungs, CancellationToken stop)
    {
        var left = _trials;
        for (var rung = 1; rung < rungs.Count && !stop.IsCancellationRequested; rung++)
        {
            var best = left.Where(t => t.State is TrialState.Paused or TrialState.Finished).OrderByDescending(t => t.Accuracy).ThenBy(t => t.Number).Take(rungs[rung].Trials).ToList();
            foreach (var behind in left.Except(best).Where(t => t.State == TrialState.Paused)) runner.Release(behind);
            left = [];
            foreach (var trial in best.OrderBy(t => t.Number))
            {
                if (stop.IsCancellationRequested) break;
                left.Add(trial.State == TrialState.Finished ? trial : Run(trial, rung == rungs.Count - 1 ? null : rungs[rung].Epochs, stop));
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
            // Whatever it is, an experiment of hours must not end with one trial.
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
