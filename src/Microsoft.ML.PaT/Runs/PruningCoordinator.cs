using System.Diagnostics;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Policies;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// The pruning of a run: has the sub-network watched, cuts as soon as the policy says so, in one cut or several, and sets the schedule of
/// learning rates that follows.
/// </summary>
/// <param name="options">What the run was asked for.</param>
/// <param name="planner">How much is to go.</param>
/// <param name="policy">Says when.</param>
/// <param name="network">What is watched and cut.</param>
/// <param name="loop">What trains it.</param>
/// <param name="position">How far the run has come.</param>
/// <param name="journal">Is told.</param>
/// <param name="best">Forgets the larger network.</param>
/// <param name="ranks">The ranks that prune together.</param>
internal sealed class PruningCoordinator(
    PruningAwareTrainingOptions options, TargetPlanner planner, PruningPolicy policy, NetworkInTraining network, TrainingLoop loop, RunCursor position, RunRecorder journal, BestNetwork best, Communicator ranks)
{
    private IterativePruning? _cut;

    /// <summary>Looks at the sub-network, and keeps the record.</summary>
    public SubNetworkObserver Observer { get; } = new(planner, policy, network.Scorer!, options.Training);

    /// <summary>Whether the network is dense, and watched.</summary>
    public bool Watches => journal.PruneEpoch is null;

    /// <summary>Whether the network that is there stays.</summary>
    public bool IsOver => !Watches && _cut is null;

    /// <summary>Where the cuts stand; null before the first and after the last.</summary>
    public IterativePruningState? IterativePruningState => _cut?.State;

    /// <summary>What is to be done with the gradients of each batch; null for nothing.</summary>
    public Action? GradientsReady => Watches ? Observer.Gather : _cut is not null ? network.Scorer!.Gather : null;

    /// <summary>The step of this epoch before which something is due here: a look, a cut, or the end of the epoch.</summary>
    public int NextStop()
    {
        var steps = loop.StepsPerEpoch;
        if (_cut?.NextStep is { } due) return (int)Math.Min(steps, due - (long)position.Epoch * steps);
        return Watches ? Observer.NextStep(position.SoFar.Step, steps) : steps;
    }

    /// <summary>Looks at the sub-network.</summary>
    /// <exception cref="DistributedException">Ranks decide differently.</exception>
    public PolicyDecision Look()
    {
        var decision = Observer.Observe(position.At);
        ranks.RequireSame("pruning decisions", new Dictionary<string, string> { ["the decision"] = $"{decision.Prune}: {decision.Reason}" });
        return decision;
    }

    /// <summary>Begins to cut where the policy says so.</summary>
    /// <param name="decision">What it said; null where it was not asked.</param>
    public void PruneIf(PolicyDecision? decision)
    {
        if (decision is not { Prune: true } || !Watches) return;
        journal.PruningStarted(position.Epoch, decision.Reason);
        _cut = Cutting(new(position.Step, Done: 0));
        var before = network.Trained.WeightSize();
        Cut(Observer.Scores!);
        if (options.Pruning.Retraining is { } retraining) Retrain(retraining, before);
    }

    /// <summary>IterativeSteps on, where cuts are spread over epochs and one is due.</summary>
    public void CutWhatIsDue()
    {
        if (_cut?.NextStep <= position.Step) Cut(network.Scorer!.Score(observations: 1));
    }

    /// <summary>Goes on from a checkpoint. The journal and the position have done so already.</summary>
    /// <param name="state">What it says.</param>
    public void Restore(CheckpointState state)
    {
        Observer.Restore(state.Observations, state.ObserverSeconds);
        if (journal.Retraining is { } retraining) Follow(retraining);
        if (state.Cut is { } cut) _cut = Cutting(cut);
    }

    private IterativePruning Cutting(IterativePruningState state)
    {
        var steps = loop.StepsPerEpoch;
        var end = options.Pruning.Retraining?.Epochs is { } epochs ? (state.Start + steps - 1) / steps + epochs : options.Training.Epochs;
        return new(options.Pruning.Budget, planner, state, steps, end * steps);
    }

    private void Cut(ChannelScores scores)
    {
        var clock = Stopwatch.StartNew();
        if (_cut!.Plan(scores, network.Scorer!.Groups, position.Step) is { } next)
        {
            network.Cut(next);
            journal.LaidOut(network.MemoryFormat!.Value);
            loop.Teacher = network.Teacher;
            best.Clear(); // of a larger network
            if (ranks.Size > 1) journal.Say(DistributedRun.Volume(ranks, network.Trained));
            Recalibrate();
        }
        journal.Cut(clock.Elapsed.TotalSeconds);
        if (_cut.NextStep is not null) return;
        _cut = null;
        journal.PruningEnded(position.Epoch, position.At, network.Definition);
    }

    private void Recalibrate()
    {
        loop.Recalibrate(network.Trained, network.Augmentation, position.Epoch, options.Pruning.RecalibrateBatchNorm);
        if (options.Training.EmaDecay is null) return;
        using var average = WeightAverage.Show(network.Trained);
        loop.Recalibrate(network.Trained, network.Augmentation, position.Epoch, options.Pruning.RecalibrateBatchNorm);
    }

    // From the next start of an epoch: until then the schedule of the run goes on.
    private void Retrain(RetrainingOptions retraining, (double Norm, long Count) before)
    {
        var from = position.SoFar.Step == 0 ? position.Epoch : position.Epoch + 1;
        var epochs = retraining.Epochs ?? options.Training.Epochs - from;
        if (epochs < 1) return; // nothing is left of the run
        var after = network.Trained.WeightSize();
        var change = RetrainingSchedules.WeightChange(before.Norm, after.Norm, 1 - (double)after.Count / before.Count);
        journal.RetrainingStarted(new(RetrainingSchedules.NameOf(retraining.Schedule), from, epochs, change));
        Follow(journal.Retraining!);
    }

    private void Follow(RetrainingReport retraining) => loop.Retrain(
        LearningRateSchedule.Retraining(options.Pruning.Retraining! with { Epochs = retraining.Epochs }, options.Training, loop.StepsOfSchedule, retraining.WeightChange), retraining.FromEpoch);
}
