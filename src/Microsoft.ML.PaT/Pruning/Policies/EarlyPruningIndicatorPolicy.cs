using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>
/// Prunes as soon as the Early Pruning Indicator is at least tau and no lower than its last values; at the deadline it
/// prunes in any case, and the reason says so.
/// </summary>
internal sealed record EarlyPruningIndicatorPolicy : PruningPolicy
{
    public const int DefaultWindow = 5, DefaultLookBack = 5;

    /// <summary>The threshold on the indicator.</summary>
    /// <value>
    /// Above 0, at most 1; default: from the run itself (docs/decisions/automatic-tau.md).
    /// </value>
    [InRange(0, 1, ExcludesMin = true)]
    public double? Tau { get; init; }

    /// <summary>Predecessors that a sub-network is compared with.</summary>
    /// <value>At least 1; default 5 (CVPR 2022).</value>
    [InRange(1)]
    public int Window { get; init; } = DefaultWindow;

    /// <summary>Number of previous values that the indicator must not be below.</summary>
    /// <value>At least 1; default 5 (CVPR 2022).</value>
    [InRange(1)]
    public int LookBack { get; init; } = DefaultLookBack;

    /// <summary>The fraction of the run after which it prunes even if the indicator has not triggered.</summary>
    /// <value>Fraction between 0 and 1, both excluded; default 1/3.</value>
    [InRange(0, 1, ExcludesMin = true, ExcludesMax = true, IsFraction = true)]
    public double Deadline { get; init; } = ObservationPace.DefaultDeadline;

    /// <summary>
    /// Whether a group of coupled layers counts once in the similarity, not once for each of its layers.
    /// </summary>
    /// <value>Default false.</value>
    public bool CountGroups { get; init; }

    /// <summary>Observations per epoch.</summary>
    /// <value>At least 1; default: one, and more in short runs, so that 20 lie before the deadline.</value>
    [InRange(1)]
    public int? ObservationsPerEpoch { get; init; }

    public override string Name => "epi";

    internal override int IndicatorWindow => Window;

    internal override bool CountsGroups => CountGroups;

    public override int ObservationRate(int epochs) =>
        ObservationsPerEpoch ?? ObservationPace.PerEpoch(Deadline * epochs);

    public override PolicyDecision Decide(IReadOnlyList<PolicyObservation> observations)
    {
        ArgumentNullException.ThrowIfNull(observations);
        var trigger = new StabilityTrigger(LookBack);
        var automatic = new AutomaticTau(Window);
        var (isStable, tau, before) = (false, Tau, double.NegativeInfinity);
        foreach (var observation in observations)
        {
            // During warm-up the steps grow, so changes of the widths are not typical of later epochs.
            if (Tau is null && before >= observation.WarmupEpochs) tau = automatic.Observe(observation.Psi!.Value);
            before = observation.Epoch;
            isStable = trigger.Observe(observation.Epi, tau);
        }
        if (isStable) return new(true, "stable: " + trigger.Reason) { Tau = tau };
        var deadline = Deadline * observations[^1].Epochs;
        return observations[^1].Epoch >= deadline
            ? new(
                true,
                FormattableString.Invariant(
                    $"deadline: {100 * Deadline:F0}% of the run is over ({deadline:F2} epochs), and {trigger.Reason}"))
            {
                Tau = tau,
            }
            : new(false, trigger.Reason) { Tau = tau };
    }

    public override double LatestPruning(TrainingOptions training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return Deadline * training.Epochs;
    }
}
