using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>
/// Prunes when the set of kept channels is stable (Early-Bird tickets, You et al., ICLR 2020): the newest of five masks
/// differs from each of the others in at most a tenth of the channels. The masks are based on the run's criterion, so
/// that policies can be compared; the paper uses <see cref="Importance.BatchNormScale"/>.
/// </summary>
internal sealed record EarlyBirdPolicy : PruningPolicy
{
    public const double DefaultDistance = 0.1;
    public const int DefaultMasks = 5;

    /// <summary>
    /// Highest mask distance that counts as stable: fraction of all channels that only one of two masks keeps.
    /// </summary>
    /// <value>Fraction 0 to 1; default 0.1 (ICLR 2020).</value>
    [InRange(0, 1, IsFraction = true)]
    public double Distance { get; init; } = DefaultDistance;

    /// <summary>Number of masks that are compared, the newest with each of the others.</summary>
    /// <value>At least 2; default 5 (ICLR 2020).</value>
    [InRange(2)]
    public int Masks { get; init; } = DefaultMasks;

    /// <summary>Fraction of the run after which the policy prunes even if the masks are not stable.</summary>
    /// <value>Fraction between 0 and 1, both excluded; default 1/3.</value>
    [InRange(0, 1, ExcludesMin = true, ExcludesMax = true, IsFraction = true)]
    public double Deadline { get; init; } = ObservationPace.DefaultDeadline;

    /// <summary>Observations per epoch.</summary>
    /// <value>At least 1; default: one (ICLR 2020), and more in short runs, so that 20 lie before the deadline.</value>
    [InRange(1)]
    public int? ObservationsPerEpoch { get; init; }

    public override string Name => "early-bird";

    public override int ObservationRate(int epochs) =>
        ObservationsPerEpoch ?? ObservationPace.PerEpoch(Deadline * epochs);

    public override PolicyDecision Decide(IReadOnlyList<PolicyObservation> observations)
    {
        ArgumentNullException.ThrowIfNull(observations);
        var newest = observations[^1];
        var (settled, reason) = Judge([.. observations.SkipLast(1).TakeLast(Masks - 1).Select(newest.MaskDistance)]);
        if (settled) return new(true, "settled: " + reason);
        var deadline = Deadline * newest.Epochs;
        return newest.Epoch >= deadline
            ? new(
                true,
                FormattableString.Invariant(
                    $"deadline: {100 * Deadline:F0}% of the run is over ({deadline:F2} epochs), and {reason}"))
            : new(false, reason);
    }

    public override double LatestPruning(TrainingOptions training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return Deadline * training.Epochs;
    }

    private (bool Settled, string Reason) Judge(double[] distances)
    {
        if (distances.Length < Masks - 1) return (false, $"fewer than {Masks} masks to compare");
        var most = distances.Max();
        return most <= Distance
            ? (
                true,
                FormattableString.Invariant(
                    $"the mask distance {most:F4} to the last {Masks - 1} masks is at most {Distance}"))
            : (
                false,
                FormattableString.Invariant(
                    $"the mask distance {most:F4} within the last {Masks - 1} masks is above {Distance}"));
    }
}
