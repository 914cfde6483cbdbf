namespace Microsoft.ML.PaT;

/// <summary>
/// Prunes as soon as the Early Pruning Indicator is at least tau and no lower than its last values; at the deadline it prunes in any
/// case and says so.
/// </summary>
public sealed record EarlyPruningIndicatorPolicy : PruningPolicy
{
    /// <summary>Observations that the time before the deadline holds at least: nine are needed before the rule can fire.</summary>
    private const int ObservationsBeforeDeadline = 20;

    /// <summary>The threshold on the indicator.</summary>
    /// <value>Fraction 0 to 1; default <see cref="DefaultTau"/> of the criterion.</value>
    public double? Tau { get; init; }

    /// <summary>Predecessors that a sub-network is compared with.</summary>
    /// <value>At least 1; default 5 (CVPR 2022).</value>
    public int Window { get; init; } = 5;

    /// <summary>Values that the indicator must not be below.</summary>
    /// <value>At least 1; default 5 (CVPR 2022).</value>
    public int LookBack { get; init; } = 5;

    /// <summary>The share of the run after which it prunes even when the indicator has not fired.</summary>
    /// <value>Fraction between 0 and 1, both excluded; default 1/3.</value>
    public double Deadline { get; init; } = 1.0 / 3;

    /// <summary>Looks at the network an epoch.</summary>
    /// <value>At least 1; default: one, and more in short runs, so that 20 of them lie before the deadline.</value>
    public int? ObservationsPerEpoch { get; init; }

    /// <inheritdoc/>
    public override string Name => "epi";

    /// <summary>
    /// The threshold where none is given: 0.944 for scores from the gradients of the loss, as published, and 0.96 for magnitudes and all others, where the published 0.983 is
    /// beyond what narrow layers reach before the deadline (docs/decisions/default-tau.md).
    /// </summary>
    public static double DefaultTau(ImportanceCriterion criterion) => criterion switch
    {
        ImportanceCriterion.Taylor or ImportanceCriterion.TaylorWeights or ImportanceCriterion.Snip or ImportanceCriterion.Grasp => 0.944,
        _ => 0.96,
    };

    internal override IEnumerable<string> Errors(int epochs)
    {
        if (Tau is { } tau && !(tau is > 0 and <= 1)) yield return $"Pruning.Policy.Tau is {tau}; it must be above 0 and at most 1.";
        if (Window < 1) yield return $"Pruning.Policy.Window is {Window}; it must be at least 1.";
        if (LookBack < 1) yield return $"Pruning.Policy.LookBack is {LookBack}; it must be at least 1.";
        if (!(Deadline is > 0 and < 1)) yield return $"Pruning.Policy.Deadline is {Deadline}; it must be between 0 and 1, both excluded.";
        if (ObservationsPerEpoch < 1) yield return $"Pruning.Policy.ObservationsPerEpoch is {ObservationsPerEpoch}; it must be at least 1.";
    }

    internal override PolicyWatch Watch(ImportanceCriterion criterion, int epochs) => new IndicatorWatch(
        this, Tau ?? DefaultTau(criterion), Deadline * epochs, ObservationsPerEpoch ?? (int)Math.Ceiling(ObservationsBeforeDeadline / (Deadline * epochs)));

    private sealed class IndicatorWatch(EarlyPruningIndicatorPolicy policy, double tau, double deadline, int observationsPerEpoch) : PolicyWatch
    {
        private readonly EarlyPruningIndicator _indicator = new(policy.Window);
        private readonly StabilityTrigger _trigger = new(tau, policy.LookBack);

        public override int ObservationsPerEpoch => observationsPerEpoch;

        public override PolicyDecision Observe(double at, IReadOnlyList<int> counts)
        {
            var epi = _indicator.Observe(counts);
            if (_trigger.Observe(epi)) return new(true, _indicator.Psi, epi, tau, "stable: " + _trigger.Reason);
            return at >= deadline
                ? new(true, _indicator.Psi, epi, tau, FormattableString.Invariant($"deadline: {policy.Deadline:P0} of the run are over ({deadline:F2} epochs), and {_trigger.Reason}"))
                : new(false, _indicator.Psi, epi, tau, _trigger.Reason);
        }
    }
}
