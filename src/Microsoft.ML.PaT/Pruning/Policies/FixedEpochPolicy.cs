using System.Globalization;

namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>Prunes after a fixed number of dense epochs; 0 prunes at initialization.</summary>
/// <param name="Epoch">Dense epochs before pruning, at least 0 and less than the epochs of the run.</param>
internal sealed record FixedEpochPolicy(int Epoch) : PruningPolicy
{
    /// <summary>The name, with N for the epoch.</summary>
    public const string NameForm = Prefix + "N";

    /// <summary>The beginning of the name.</summary>
    public const string Prefix = "epoch:";

    public override string Name => Epoch == 0 ? "init" : $"{Prefix}{Epoch}";

    public override bool PrunesAtInitialization => Epoch == 0;

    /// <summary>The policy with this name; null if it is not such a name.</summary>
    public static FixedEpochPolicy? Parse(string name) => name.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? new(epoch)
            : null;

    public override PolicyDecision Decide(IReadOnlyList<PolicyObservation> observations)
    {
        ArgumentNullException.ThrowIfNull(observations);
        var last = observations[^1];
        return last.Epoch >= Epoch
            ? new(true, Epoch == 0 ? "at initialization" : $"after {Epoch} of {last.Epochs} epochs")
            : new(false, $"waiting until {Epoch} of {last.Epochs} epochs are done");
    }

    internal override IEnumerable<string> Errors(TrainingOptions training, RetrainingOptions? retraining)
    {
        if (Epoch < 0 || Epoch >= training.Epochs)
        {
            yield return $"Pruning.Policy prunes after {Epoch} epochs; it must be 0 to {training.Epochs - 1}, fewer "
                + $"than Training.Epochs ({training.Epochs}).";
        }
    }

    internal override bool CanStartAt(int epoch, TrainingOptions training, bool gradients) =>
        gradients ? Epoch > epoch : Epoch >= epoch;

    public override double LatestPruning(TrainingOptions training) => Epoch;
}
