namespace Microsoft.ML.PaT;

/// <summary>Prunes after a fixed number of dense epochs.</summary>
/// <param name="Epoch">Dense epochs before the cut, at least 0 and fewer than the run has.</param>
public sealed record FixedEpochPolicy(int Epoch) : PruningPolicy
{
    /// <inheritdoc/>
    public override string Name => $"epoch:{Epoch}";

    internal override IEnumerable<string> Errors(int epochs)
    {
        if (Epoch < 0 || Epoch >= epochs) yield return $"Pruning.Policy prunes after {Epoch} epochs; it must be 0 to {epochs - 1}, fewer than Training.Epochs ({epochs}).";
    }

    internal override bool CanStartAt(int epoch, bool gradients) => gradients ? Epoch > epoch : Epoch >= epoch;

    internal override PolicyWatch Watch(ImportanceCriterion criterion, int epochs) => new FixedEpochWatch(Epoch);

    private sealed class FixedEpochWatch(int epoch) : PolicyWatch
    {
        private readonly EarlyPruningIndicator _indicator = new();

        public override int ObservationsPerEpoch => 1;

        public override PolicyDecision Observe(double at, IReadOnlyList<int> counts)
        {
            // The indicator decides nothing here; it is logged so that the choice of epoch can be judged afterwards.
            var epi = _indicator.Observe(counts);
            return at >= epoch
                ? new(true, _indicator.Psi, epi, null, $"{epoch} dense epochs are done")
                : new(false, _indicator.Psi, epi, null, $"waiting for {epoch} dense epochs");
        }
    }
}
