namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>
/// Trains the dense network to its end, prunes, and retrains with <see cref="PruningOptions.Retraining"/>: the
/// conventional order, for comparison.
/// </summary>
internal sealed record AfterTrainingPolicy : PruningPolicy
{
    public override string Name => "after";

    public override PolicyDecision Decide(IReadOnlyList<PolicyObservation> observations)
    {
        ArgumentNullException.ThrowIfNull(observations);
        var last = observations[^1];
        return last.Epoch >= last.Epochs
            ? new(true, $"after {last.Epochs} of {last.Epochs} epochs")
            : new(false, $"waiting until {last.Epochs} of {last.Epochs} epochs are done");
    }

    internal override IEnumerable<string> Errors(TrainingOptions training, RetrainingOptions? retraining)
    {
        if (retraining?.Epochs is null)
        {
            yield return "Pruning.Policy prunes after training, and no epochs to retrain are given; set "
                + "Pruning.Retraining.Epochs.";
        }
    }

    internal override bool CanStartAt(int epoch, TrainingOptions training, bool gradients) =>
        gradients ? training.Epochs > epoch : training.Epochs >= epoch;
}
