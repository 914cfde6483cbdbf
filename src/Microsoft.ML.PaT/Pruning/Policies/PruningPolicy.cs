using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT;

/// <summary>
/// When to prune. The static members are the policies of the library; derive from this record to write another one
/// (docs/guide/own-criterion.md).
/// </summary>
/// <remarks>
/// A policy has no state and decides from all observations of the run. One instance can therefore serve many runs, and
/// a resumed run decides as if it had not been interrupted.
/// </remarks>
public abstract record PruningPolicy
{
    /// <summary>
    /// The name in reports and on the command line: <c>epi</c>, <c>early-bird</c>, <c>init</c>, <c>epoch:N</c>,
    /// <c>after</c>, <c>never</c>, or one of your own.
    /// </summary>
    public abstract string Name { get; }

    /// <summary>
    /// Prunes as soon as the Early Pruning Indicator (CVPR 2022) is at least tau and no lower than its last values. At
    /// the deadline it prunes in any case, and the reason of the decision says so.
    /// </summary>
    /// <param name="tau">Threshold of the indicator, above 0 and at most 1; null to derive it from the run
    /// (docs/decisions/automatic-tau.md, which also has those of the paper).</param>
    /// <param name="window">Number of previous sub-networks that the indicator compares with, at least 1.</param>
    /// <param name="lookBack">Number of previous values that the indicator must not be below, at least 1.</param>
    /// <param name="deadline">Fraction of the run after which it prunes in any case, between 0 and 1, both
    /// excluded.</param>
    /// <param name="countGroups">Whether a group of coupled layers counts once in the similarity, not once for each of
    /// its layers.</param>
    /// <param name="observationsPerEpoch">At least 1; null for one, or more in short runs, so that 20 lie before the
    /// deadline.</param>
    public static PruningPolicy EarlyPruningIndicator(
        double? tau = null,
        int window = 5,
        int lookBack = 5,
        double deadline = 1.0 / 3,
        bool countGroups = false,
        int? observationsPerEpoch = null) => new EarlyPruningIndicatorPolicy
        {
            Tau = tau,
            Window = window,
            LookBack = lookBack,
            Deadline = deadline,
            CountGroups = countGroups,
            ObservationsPerEpoch = observationsPerEpoch,
        };

    /// <summary>
    /// Prunes when the set of kept channels is stable (Early-Bird tickets, You et al., ICLR 2020). The masks come from
    /// the criterion of the run; the paper uses <see cref="Importance.BatchNormScale"/>.
    /// </summary>
    /// <param name="distance">Highest mask distance that counts as stable, 0 to 1: the fraction of all channels that
    /// only one of two masks keeps.</param>
    /// <param name="masks">Number of masks to compare, the newest with each of the others; at least 2.</param>
    /// <param name="deadline">Fraction of the run after which it prunes in any case, between 0 and 1, both
    /// excluded.</param>
    /// <param name="observationsPerEpoch">At least 1; null for one, or more in short runs, so that 20 lie before the
    /// deadline.</param>
    public static PruningPolicy EarlyBird(
        double distance = 0.1, int masks = 5, double deadline = 1.0 / 3, int? observationsPerEpoch = null) =>
        new EarlyBirdPolicy
        {
            Distance = distance, Masks = masks, Deadline = deadline, ObservationsPerEpoch = observationsPerEpoch,
        };

    /// <summary>Prunes before the first step, by any criterion; the same policy as <c>AtEpoch(0)</c>.</summary>
    public static PruningPolicy AtInitialization { get; } = new FixedEpochPolicy(0);

    /// <summary>Prunes after a number of dense epochs.</summary>
    /// <param name="epoch">Dense epochs before pruning, at least 0 and fewer than the run has.</param>
    public static PruningPolicy AtEpoch(int epoch) => new FixedEpochPolicy(epoch);

    /// <summary>Prunes the trained network and retrains it by <see cref="PruningOptions.Retraining"/>.</summary>
    public static PruningPolicy AfterTraining { get; } = new AfterTrainingPolicy();

    /// <summary>Never prunes: the dense reference.</summary>
    public static PruningPolicy Never { get; } = new NeverPolicy();

    /// <summary>Observations per epoch, evenly spread, the last one at its end.</summary>
    /// <param name="epochs">Epochs of the run.</param>
    /// <returns>At least 1; 1 by default.</returns>
    public virtual int ObservationRate(int epochs) => 1;

    /// <summary>Decides after each observation, until it prunes.</summary>
    /// <param name="observations">All observations of the run, the present one last.</param>
    public abstract PolicyDecision Decide(IReadOnlyList<PolicyObservation> observations);

    /// <summary>Whether it prunes at all.</summary>
    internal virtual bool Prunes => true;

    /// <summary>Whether it prunes before the first step, so that scores are needed then.</summary>
    internal virtual bool PrunesAtInitialization => false;

    /// <summary>Predecessors that the logged indicator compares with.</summary>
    internal virtual int IndicatorWindow => 5;

    /// <summary>Whether counts are per group of coupled layers, not per layer.</summary>
    internal virtual bool CountsGroups => false;

    /// <summary>Errors in its settings for a run.</summary>
    internal virtual IEnumerable<string> Errors(TrainingOptions training, RetrainingOptions? retraining) => [];

    /// <summary>
    /// Whether a run with this policy can start from the dense epochs of another run and end as if it had trained them.
    /// </summary>
    /// <param name="epoch">Dense epochs done.</param>
    /// <param name="gradients">Whether scores are gathered over an epoch.</param>
    internal virtual bool CanStartAt(int epoch, TrainingOptions training, bool gradients) => false;

    /// <summary>Epochs after which it has pruned.</summary>
    internal virtual double LatestPruning(TrainingOptions training) => training.Epochs;
}
