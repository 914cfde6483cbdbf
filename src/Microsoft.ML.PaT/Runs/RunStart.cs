using System.Globalization;
using Microsoft.ML.PaT.Pruning.Policies;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// Starts a run from the beginning, resumes it from its checkpoint, or branches off from that of another run.
/// </summary>
internal static class RunStart
{
    /// <summary>The first phase, from a checkpoint or, without one, from the beginning.</summary>
    public static RunPhase? FirstPhase(RunContext run, Checkpoint? start) => start switch
    {
        null => Begin(run),
        { IsBranch: true } => Branch(run, start),
        _ => Resume(run, start),
    };

    private static RunPhase Begin(RunContext run)
    {
        var options = run.Options;
        if (run.Ranks.IsFirst)
        {
            run.Recorder.LatencyClock.Start();
            run.Recorder.DenseLatency(ScoringModule.LatencyMs(run.Network.Trained, options.Pruning.LatencyBatch));
            run.Recorder.LatencyClock.Stop();
        }
        RequireCheckpoint(run);
        if (run.Planner is null) return new CompactPhase();
        var observer = Observer(run);
        var seen = observer.ObserveInitialization(
            options.Pruning.Policy.PrunesAtInitialization, run.Loop.StepsPerEpoch);
        if (seen is not null) run.Send(new SubNetworkObserved(seen));
        return new DensePhase(observer).Next(run, seen);
    }

    private static RunPhase Resume(RunContext run, Checkpoint start)
    {
        var (state, network) = (start.State, run.Network);
        run.Cursor.MoveTo(state.Epoch, state.SoFar);
        run.Recorder.Restore(state.Record);
        if (state.Record.BatchGrowth is { } growth) run.Loop.Grow(growth);
        run.Send(state.Finished
            ? $"The run is finished, after {state.Epoch} epochs: nothing is left to train."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Resuming at epoch {state.Epoch}, step {state.SoFar.Step} of {run.Loop.StepsPerEpoch}."));
        run.Loop.Restore(start.Part("loop"), state.Epoch);
        network.Scorer?.Restore(start.Part("scores"));
        network.RestoreTeacher(start.Part("teacher"));
        run.Loop.Teacher = network.Teacher;
        run.Best.Restore(state.Best, start.Part("best"));
        run.FollowRetraining();
        if (state.Pruning is { } pruning) return PruningPhase.Resume(run, pruning);
        if (run.Planner is null || state.Record.PruneEpoch is not null) return new CompactPhase();
        var observer = Observer(run);
        observer.Restore(state.Record.Observations);
        return new DensePhase(observer);
    }

    /// <exception cref="InvalidFileException">
    /// The policy may need observations that the other run did not make.
    /// </exception>
    private static RunPhase Branch(RunContext run, Checkpoint start)
    {
        var (state, policy, network) = (start.State, run.Options.Pruning.Policy, run.Network);
        if (!policy.CanStartAt(state.Epoch, run.Options.Training, network.Scorer?.NeedsGradients ?? false))
        {
            throw new InvalidFileException(ErrorCodes.CheckpointTooLate,
                $"The policy {policy.Name} cannot start after epoch {state.Epoch}, because it may decide from " +
                "observations of earlier epochs. Start from an earlier checkpoint or from the beginning.");
        }
        run.Cursor.MoveTo(state.Epoch);
        run.Recorder.Restore(state.Record with { Observations = [], IndicatorSeconds = 0 }); // of another policy
        run.Send($"Starting from {run.Options.Checkpoints.StartFrom}, after {state.Epoch} epochs.");
        run.Loop.Restore(start.Part("loop"), state.Epoch);
        run.Best.Restore(state.Best, start.Part("best"));
        RequireCheckpoint(run);
        if (run.Planner is null) return new CompactPhase();
        var dense = new DensePhase(Observer(run));
        return network.Scorer is { NeedsGradients: false } ? dense.Next(run, dense.Observe(run)) : dense;
    }

    // Rolling back after divergence, and restarting after the loss of a rank, need a checkpoint.
    private static void RequireCheckpoint(RunContext run)
    {
        if (run.Options.Training.OnDivergence == DivergenceAction.RollBack || run.Ranks.Size > 1)
            run.RequireCheckpoint();
    }

    private static SubNetworkObserver Observer(RunContext run)
    {
        var (policy, training) = (run.Options.Pruning.Policy, run.Options.Training);
        return new(run.Planner!, policy, run.Network.Scorer!, training, run.Recorder.IndicatorClock);
    }
}
