using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Pruning.Policies;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT.Runs;

/// <summary>Trains the dense network and observes its sub-network until the policy decides to prune.</summary>
internal sealed class DensePhase(SubNetworkObserver observer) : RunPhase
{
    public override RunPhase? Run(RunContext run)
    {
        while (run.Continue())
        {
            var stop = observer.NextStep(run.Cursor.SoFar.Step, run.Loop.StepsPerEpoch);
            var seen = run.Train(stop, observer.Gather) ? Observe(run) : null;
            run.EndEpochIfOver();
            // After the last epoch, the compact network would not be trained any more, unless it is retrained.
            if (run.Cursor.Epoch < run.Recorder.Epochs || run.Options.Pruning.Retraining?.Epochs is not null)
            {
                if (Next(run, seen) is PruningPhase pruning) return pruning;
            }
        }
        if (!run.Loop.IsStopped)
        {
            run.Warn(
                $"The run ended before its network was pruned (policy {run.Options.Pruning.Policy.Name}; epochs: "
                    + $"{run.Cursor.Epoch}, steps of an epoch: {run.Loop.StepsPerEpoch}), so the model is the dense "
                    + "network. Raise Training.Epochs or lower Training.BatchSize.");
        }
        return null;
    }

    /// <summary>Observes the sub-network now, sends the event, and checks that all ranks decide alike.</summary>
    /// <exception cref="DistributedTrainingException">Ranks decide differently.</exception>
    public ObservationReport Observe(RunContext run)
    {
        var seen = observer.Observe(run.Cursor.At, run.Loop.StepsPerEpoch);
        run.Send(new SubNetworkObserved(seen) { Epoch = run.Cursor.Epoch });
        var decision = new Dictionary<string, string> { ["the decision"] = $"{seen.Prune}: {seen.Reason}" };
        run.Ranks.RequireSame("pruning decisions", decision);
        return seen;
    }

    /// <summary>Returns the pruning phase if the observation, if any, decides to prune; otherwise this phase.</summary>
    public RunPhase Next(RunContext run, ObservationReport? seen) =>
        seen is { Prune: true } ? PruningPhase.Start(run, observer.Scores!, seen.Reason) : this;
}
