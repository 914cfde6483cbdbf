using Microsoft.ML.PaT.Modeling.OnnxImport;

namespace Microsoft.ML.PaT.Experiments;

/// <summary>Keeps a record of every trial in a folder of its own, and lets nothing be done twice that a record knows.</summary>
/// <param name="inner">Carries out what is not known.</param>
/// <param name="folder">The folder of the experiment.</param>
internal sealed class RecordedRunner(ITrialRunner inner, string folder) : ITrialRunner
{
    public string IdOf(PruningAwareTrainingOptions options) => inner.IdOf(options);

    public PruningTrial Run(PruningTrial trial, int? until, CancellationToken stop)
    {
        var own = Path.Combine(folder, trial.Id);
        var record = TrialRecord.Read(own);
        // A comparison is repeated with what it saw, also where the trial has gone further since.
        if (record.Paused.FirstOrDefault(m => m.Epochs == until) is { } paused) return Known(trial, TrialState.Paused, paused);
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
        var now = new TrialRecord.Milestone(trial.Epochs, trial.Accuracy!.Value, trial.Seconds) { LatencyMs = trial.LatencyMs, Macs = trial.Macs, Parameters = trial.Parameters };
        record = record with { Values = trial.Values, Error = null };
        (trial.State == TrialState.Finished ? record with { Finished = now } : record with { Paused = [.. record.Paused, now] }).Write(own);
        if (trial.State == TrialState.Finished) Release(trial);
        return trial;
    }

    public void Release(PruningTrial trial) => inner.Release(trial);

    private static PruningTrial Known(PruningTrial trial, TrialState state, TrialRecord.Milestone known) => trial with
    {
        State = state, Epochs = known.Epochs, Accuracy = known.Accuracy, Seconds = known.Seconds, LatencyMs = known.LatencyMs, Macs = known.Macs, Parameters = known.Parameters,
    };
}
