using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Policies;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT;

/// <summary>
/// Prunes as soon as the Early Pruning Indicator is at least tau and no lower than its last values; at the deadline it prunes in any
/// case and says so.
/// </summary>
public sealed record EarlyPruningIndicatorPolicy : PruningPolicy
{
    /// <summary>The threshold on the indicator.</summary>
    /// <value>Above 0, at most 1; default: from the run itself, see <see cref="AutomaticTau"/> (docs/decisions/automatic-tau.md). <see cref="PublishedTau"/> has those of the paper.</value>
    public double? Tau { get; init; }

    /// <summary>Predecessors that a sub-network is compared with.</summary>
    /// <value>At least 1; default 5 (CVPR 2022).</value>
    public int Window { get; init; } = 5;

    /// <summary>Values that the indicator must not be below.</summary>
    /// <value>At least 1; default 5 (CVPR 2022).</value>
    public int LookBack { get; init; } = 5;

    /// <summary>The fraction of the run after which it prunes even when the indicator has not fired.</summary>
    /// <value>Fraction between 0 and 1, both excluded; default 1/3.</value>
    public double Deadline { get; init; } = 1.0 / 3;

    /// <summary>Whether a group of coupled layers counts once in the similarity, not once for each of its layers.</summary>
    /// <value>Default false.</value>
    public bool CountGroups { get; init; }

    /// <summary>Looks at the network an epoch.</summary>
    /// <value>At least 1; default: one, and more in short runs, so that 20 of them lie before the deadline.</value>
    public int? ObservationsPerEpoch { get; init; }

    /// <inheritdoc/>
    public override string Name => "epi";

    /// <summary>
    /// The thresholds of CVPR 2022, found on ImageNet-size networks with one observation an epoch of 90: 0.944 for scores from the gradients of the loss, 0.983 for
    /// magnitudes and all others.
    /// </summary>
    public static double PublishedTau(ImportanceCriterion criterion) => criterion switch
    {
        ImportanceCriterion.Taylor or ImportanceCriterion.TaylorWeights or ImportanceCriterion.Snip or ImportanceCriterion.Grasp => 0.944,
        _ => 0.983,
    };

    internal override IEnumerable<string> Errors(TrainingOptions training, RetrainingOptions? retraining)
    {
        if (Tau is { } tau && !(tau is > 0 and <= 1)) yield return FormattableString.Invariant($"Pruning.Policy.Tau is {tau}; it must be above 0 and at most 1.");
        if (Window < 1) yield return $"Pruning.Policy.Window is {Window}; it must be at least 1.";
        if (LookBack < 1) yield return $"Pruning.Policy.LookBack is {LookBack}; it must be at least 1.";
        if (!(Deadline is > 0 and < 1)) yield return FormattableString.Invariant($"Pruning.Policy.Deadline is {Deadline}; it must be between 0 and 1, both excluded.");
        if (ObservationsPerEpoch < 1) yield return $"Pruning.Policy.ObservationsPerEpoch is {ObservationsPerEpoch}; it must be at least 1.";
    }

    internal override double LatestCut(TrainingOptions training) => Deadline * training.Epochs;

    internal override PolicyWatch Watch(ImportanceCriterion criterion, TrainingOptions training) =>
        new IndicatorWatch(this, WarmUp(training), Deadline * training.Epochs, ObservationsPerEpoch ?? ObservationPace.PerEpoch(Deadline * training.Epochs));

    /// <summary>The epochs after which the learning rate is at its highest: until then steps grow, and how far widths wander says nothing about later.</summary>
    private static double WarmUp(TrainingOptions training)
    {
        const int Steps = 100; // an epoch; the schedule is the same in any number
        var schedule = LearningRateSchedule.Of(training, Steps);
        var highest = 0L;
        for (var step = 1L; step < schedule.Steps; step++)
        {
            if (schedule.At(step).LearningRate > schedule.At(highest).LearningRate) highest = step;
        }
        return highest == 0 ? 0 : (highest + 1.0) / Steps;
    }

    private sealed class IndicatorWatch(EarlyPruningIndicatorPolicy policy, double warmUp, double deadline, int observationsPerEpoch) : PolicyWatch(policy.Window)
    {
        private readonly StabilityTrigger _trigger = new(policy.Tau ?? 1, policy.LookBack);
        private readonly AutomaticTau _automatic = new(policy.Window);
        private double _before = double.NaN;

        public override int ObservationsPerEpoch => observationsPerEpoch;

        public override bool CountsGroups => policy.CountGroups;

        protected override Verdict Decide(Observation seen)
        {
            var tau = policy.Tau ?? (_before >= warmUp ? _automatic.Observe(seen.Psi) : double.NaN);
            _before = seen.At;
            if (_trigger.ObserveAgainst(seen.Epi, tau)) return new(true, "stable: " + _trigger.Reason, tau);
            return seen.At >= deadline
                ? new(true, FormattableString.Invariant($"deadline: {policy.Deadline:P0} of the run are over ({deadline:F2} epochs), and {_trigger.Reason}"), tau)
                : new(false, _trigger.Reason, tau);
        }
    }
}
