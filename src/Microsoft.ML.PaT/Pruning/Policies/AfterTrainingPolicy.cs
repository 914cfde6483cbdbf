using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT;

/// <summary>Trains the dense network to its end, prunes, and retrains by <see cref="PruningOptions.Retraining"/>: the classic order, to compare with.</summary>
public sealed record AfterTrainingPolicy : PruningPolicy
{
    /// <inheritdoc/>
    public override string Name => "after-training";

    internal override IEnumerable<string> Errors(TrainingOptions training, RetrainingOptions? retraining)
    {
        if (retraining?.Epochs is null) yield return "Pruning.Policy prunes after training, and no epochs to retrain are given; set Pruning.Retraining with its Epochs.";
    }

    internal override bool CanStartAt(int epoch, TrainingOptions training, bool gradients) => gradients ? training.Epochs > epoch : training.Epochs >= epoch;

    internal override PolicyWatch Watch(ImportanceCriterion criterion, TrainingOptions training) => new EpochWatch(training.Epochs);
}
