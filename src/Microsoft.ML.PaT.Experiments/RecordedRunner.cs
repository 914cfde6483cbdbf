namespace Microsoft.ML.PaT.Experiments;

/// <summary>Keeps a record of every trial in its folder, and does not repeat recorded work.</summary>
/// <param name="inner">Runs trials that have no record.</param>
internal sealed class RecordedRunner(ITrialRunner inner, string folder) : ITrialRunner
{
    public string IdOf(PruningAwareTrainingOptions options) => inner.IdOf(options);

    public PruningTrial Run(PruningTrial trial, int? until, CancellationToken stop)
    {
        var own = Path.Combine(folder, trial.Id);
        var record = TrialRecord.Read(own);
        // A comparison is repeated with its recorded result, even if the trial has advanced since.
        if (record.Paused.FirstOrDefault(m => m.Epochs == until) is { } paused)
            return Known(trial, TrialState.Paused, paused);
        if (record.Finished is { } finished) return Known(trial, TrialState.Finished, finished);
        Directory.CreateDirectory(own);
        try
        {
            trial = inner.Run(trial, until, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            (record with { Values = trial.Values, Error = $"{e.GetType().Name}: {e.Message}" }).Write(own);
            throw;
        }
        if (trial.State == TrialState.Stopped) return trial;
        var now = new TrialRecord.Milestone(trial.Epochs, trial.Accuracy!.Value, trial.Seconds)
        {
            LatencyMs = trial.LatencyMs,
            Macs = trial.Macs,
            Parameters = trial.Parameters,
        };
        record = record with { Values = trial.Values, Error = null };
        record = trial.State == TrialState.Finished
            ? record with { Finished = now }
            : record with { Paused = [.. record.Paused, now] };
        record.Write(own);
        if (trial.State == TrialState.Finished) Release(trial);
        return trial;
    }

    public void Release(PruningTrial trial) => inner.Release(trial);

    private static PruningTrial Known(PruningTrial trial, TrialState state, TrialRecord.Milestone known) => trial with
    {
        State = state,
        Epochs = known.Epochs,
        Accuracy = known.Accuracy,
        Seconds = known.Seconds,
        LatencyMs = known.LatencyMs,
        Macs = known.Macs,
        Parameters = known.Parameters,
    };
}
