using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT;

/// <summary>
/// Prunes when the kept channels themselves have settled (Early-Bird tickets, You et al., ICLR 2020): the newest of five masks differs from each of the others in at
/// most a tenth of the channels. The masks are those of the run's criterion, so that policies can be compared; <see cref="ImportanceCriterion"/> has the original's |gamma|.
/// </summary>
public sealed record EarlyBirdPolicy : PruningPolicy
{
    /// <summary>The largest mask distance that counts as settled: the fraction of all channels that one mask keeps and the other does not.</summary>
    /// <value>Fraction 0 to 1; default 0.1 (ICLR 2020).</value>
    public double Distance { get; init; } = 0.1;

    /// <summary>Masks that are compared, the newest with each of the others.</summary>
    /// <value>At least 2; default 5 (ICLR 2020).</value>
    public int Masks { get; init; } = 5;

    /// <summary>The fraction of the run after which it prunes even when the masks have not settled.</summary>
    /// <value>Fraction between 0 and 1, both excluded; default 1/3.</value>
    public double Deadline { get; init; } = 1.0 / 3;

    /// <summary>Looks at the network an epoch.</summary>
    /// <value>At least 1; default: one (ICLR 2020), and more in short runs, so that 20 of them lie before the deadline.</value>
    public int? ObservationsPerEpoch { get; init; }

    /// <inheritdoc/>
    public override string Name => "early-bird";

    internal override IEnumerable<string> Errors(TrainingOptions training, RetrainingOptions? retraining)
    {
        if (!(Distance is >= 0 and <= 1)) yield return FormattableString.Invariant($"Pruning.Policy.Distance is {Distance}; it must be a fraction 0 to 1.");
        if (Masks < 2) yield return $"Pruning.Policy.Masks is {Masks}; it must be at least 2.";
        if (!(Deadline is > 0 and < 1)) yield return FormattableString.Invariant($"Pruning.Policy.Deadline is {Deadline}; it must be between 0 and 1, both excluded.");
        if (ObservationsPerEpoch < 1) yield return $"Pruning.Policy.ObservationsPerEpoch is {ObservationsPerEpoch}; it must be at least 1.";
    }

    internal override double LatestCut(TrainingOptions training) => Deadline * training.Epochs;

    internal override PolicyWatch Watch(ImportanceCriterion criterion, TrainingOptions training) =>
        new MaskWatch(this, Deadline * training.Epochs, ObservationsPerEpoch ?? ObservationPace.PerEpoch(Deadline * training.Epochs));

    private sealed class MaskWatch(EarlyBirdPolicy policy, double deadline, int observationsPerEpoch) : PolicyWatch
    {
        private readonly Queue<ChannelMask> _past = [];

        public override int ObservationsPerEpoch => observationsPerEpoch;

        protected override Verdict Decide(Observation seen)
        {
            var distances = _past.Select(mask => mask.Distance(seen.Kept)).ToList();
            _past.Enqueue(seen.Kept);
            if (_past.Count == policy.Masks) _past.Dequeue();
            var (settled, reason) = Judge(distances);
            if (settled) return new(true, "settled: " + reason);
            return seen.At >= deadline
                ? new(true, FormattableString.Invariant($"deadline: {policy.Deadline:P0} of the run are over ({deadline:F2} epochs), and {reason}"))
                : new(false, reason);
        }

        private (bool Settled, string Reason) Judge(List<double> distances)
        {
            if (distances.Count < policy.Masks - 1) return (false, $"fewer than {policy.Masks} masks to compare");
            var most = distances.Max();
            return most <= policy.Distance
                ? (true, FormattableString.Invariant($"the mask distance {most:F4} to the last {policy.Masks - 1} masks is at most {policy.Distance}"))
                : (false, FormattableString.Invariant($"the mask distance {most:F4} within the last {policy.Masks - 1} masks is above {policy.Distance}"));
        }
    }
}
