using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Results;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// The state that the phases of a run share, and the operations that are the same in all of them. Owns nothing.
/// </summary>
internal sealed class RunContext
{
    private bool _isCheckpointDue, _hasTrained;

    public required PruningAwareTrainingOptions Options { get; init; }

    public required ImageDataset Training { get; init; }

    public required ImageDataset? Validation { get; init; }

    /// <summary>The channel groups of the dense network.</summary>
    public required ChannelGroups Groups { get; init; }

    /// <summary>Null if the policy never prunes.</summary>
    public required TargetPlanner? Planner { get; init; }

    public required Normalization Normalization { get; init; }

    public required NetworkInTraining Network { get; init; }

    public required TrainingLoop Loop { get; init; }

    public required RunCursor Cursor { get; init; }

    public required BestNetwork Best { get; init; }

    public required RunRecorder Recorder { get; init; }

    public required RunIdentity Identity { get; init; }

    public required CheckpointFolder Checkpoints { get; init; }

    public required Communicator Ranks { get; init; }

    /// <summary>Receives all events after the recorder.</summary>
    public required IRunObserver Observer { get; init; }

    /// <summary>The current phase; after the run, the last one.</summary>
    public RunPhase? Phase { get; set; }

    /// <summary>
    /// Whether the accuracy of the network that the run returns has not improved for <c>Patience</c> epochs.
    /// </summary>
    public bool IsOutOfPatience =>
        Phase is CompactPhase && Best.Epoch is { } best && Cursor.Epoch - 1 - best.Epoch >= Options.Training.Patience;

    /// <summary>Sends an event to the recorder and the observers.</summary>
    public void Send(RunEvent happened)
    {
        Recorder.OnEvent(happened);
        Observer.OnEvent(happened);
    }

    public void Send(string text) => Send(new RunMessage(text) { Epoch = Cursor.Epoch });

    public void Warn(string text) =>
        Send(new RunMessage(text) { Epoch = Cursor.Epoch, Severity = RunEventSeverity.Warning });

    public void Send(MemoryFormatChoice chosen)
    {
        var name = MemoryFormatChoice.Name(chosen.ChannelsLast);
        Send(new MemoryFormatChosen(name, chosen.ToString()) { Epoch = Cursor.Epoch });
    }

    /// <summary>Makes the next <see cref="Continue"/> write a checkpoint.</summary>
    public void RequireCheckpoint() => _isCheckpointDue = true;

    /// <summary>Writes a checkpoint if one is due.</summary>
    /// <returns>False at the end of the run, and when it is canceled.</returns>
    public bool Continue()
    {
        var isStopped = Loop.IsStopped;
        if (_isCheckpointDue || (_hasTrained && (isStopped || Checkpoints.IsDue))) Save();
        return Cursor.Epoch < Recorder.Epochs && !isStopped && !IsOutOfPatience;
    }

    /// <summary>Trains within the current epoch.</summary>
    /// <param name="end">The step of the epoch to train up to.</param>
    /// <param name="gradientsReady">Called after each backward pass, before the weights are updated.</param>
    /// <returns>Whether the step was reached; false if a checkpoint is due or the run is canceled.</returns>
    public bool Train(int end, Action? gradientsReady)
    {
        var (epoch, step) = (Cursor.Epoch, Cursor.SoFar.Step);
        var segment = Loop.Train(Network.Trained, Network.Augmentation, epoch, step, end, gradientsReady);
        Recorder.Trained(segment, Network.Definition);
        Cursor.Add(segment);
        _hasTrained = true;
        return Cursor.SoFar.Step == end;
    }

    /// <summary>Evaluates the network after the last step of an epoch, and moves to the next epoch.</summary>
    public void EndEpochIfOver()
    {
        if (!Cursor.IsEndOfEpoch) return;
        EvaluateEpoch();
        Cursor.MoveTo(Cursor.Epoch + 1);
        RequireCheckpoint();
    }

    /// <summary>Evaluates the network, and reports the current epoch, which may be incomplete.</summary>
    public void EvaluateEpoch()
    {
        Ranks.AverageStatistics(Network.Trained);
        var (epoch, soFar, record) = (Cursor.Epoch, Cursor.SoFar, Recorder.Record);
        var (phase, epi) = (record.PhaseOf(epoch), record.EpiOf(epoch));
        var accuracy = Accuracy();
        var rate = Loop.Rates(epoch, Math.Max(0, soFar.Step - 1)).LearningRate;
        Send(new EpochEnded(
            new(epoch, phase, soFar.Loss, accuracy, soFar.Seconds, soFar.ImagesPerSecond, rate, epi))
        {
            Epoch = epoch, Epochs = Recorder.ExpectedEpochs, IsComplete = Cursor.IsEndOfEpoch,
            Remaining = Recorder.Remaining(epoch + 1),
            Channels = Groups.PrunableLayers.Sum(layer => Network.Definition.OutputShape(layer).Channels),
        });
    }

    /// <summary>Sends the progress of the run.</summary>
    /// <param name="segment">The steps of the current call of <see cref="Train"/> so far.</param>
    public void SendProgress(TrainingSegment segment)
    {
        var (epoch, soFar, record) = (Cursor.Epoch, Cursor.SoFar.Then(segment), Recorder.Record);
        var (at, epochs) = (epoch + (double)soFar.Images / Training.Count, Recorder.ExpectedEpochs);
        Send(new StepProgressed
        {
            Epoch = epoch, Epochs = epochs, Phase = record.PhaseOf(epoch), Fraction = at / epochs,
            ImagesPerSecond = soFar.ImagesPerSecond, Loss = soFar.Loss,
            Epi = record.PruneEpoch is null ? record.Epi : null, Remaining = Recorder.Remaining(at),
        });
    }

    /// <summary>Sets the learning rates of the recorded retraining, if there is one.</summary>
    public void FollowRetraining()
    {
        if (Recorder.Record.Retraining is not { } retraining) return;
        var options = Options.Pruning.Retraining! with { Epochs = retraining.Epochs };
        var (steps, change) = (Loop.StepsOfSchedule, retraining.WeightChange);
        Loop.Retrain(LearningRateSchedule.Retraining(options, Options.Training, steps, change), retraining.FromEpoch);
    }

    /// <summary>Validation accuracy of the network, fraction 0 to 1; null without validation images.</summary>
    public double? Accuracy()
    {
        if (Validation is null) return null;
        Recorder.EvaluationClock.Start();
        using var average = WeightAverage.Show(Network.Trained);
        var accuracy = Evaluation.Accuracy(Network.Trained, Validation, Network.Augmentation, Ranks);
        Best.UpdateIfBetter(Network.Trained, Cursor.Epoch, accuracy);
        Recorder.EvaluationClock.Stop();
        return accuracy;
    }

    private void Save()
    {
        (_isCheckpointDue, _hasTrained) = (false, false);
        if (!Checkpoints.IsOn) return;
        Recorder.CheckpointClock.Start();
        using var scope = torch.NewDisposeScope();
        var (epoch, network) = (Cursor.Epoch, Network.Trained);
        var isFinished = epoch == Recorder.Epochs || IsOutOfPatience;
        Checkpoints.Save(
            new(Identity.Values, epoch, Cursor.SoFar, isFinished, Loop.RateScale, Network.Definition.ToJson(),
                Normalization, Recorder.Record, Phase?.Pruning, Best.Epoch, Network.Plan?.Kept, network.ChannelsLast),
            Checkpoint.Join(
                ("network", network.State()), ("loop", Loop.State(epoch)), ("scores", Network.Scorer?.State() ?? []),
                ("teacher", Network.Teacher?.State() ?? []), ("best", Best.Weights)));
        Recorder.CheckpointClock.Stop();
    }
}
