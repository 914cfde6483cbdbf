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
    /// <param name="tau">Threshold of the indicator, above 0, at most 1; default null: derived from the run
    /// (docs/decisions/automatic-tau.md, which also has those of the paper).</param>
    /// <param name="window">Number of previous sub-networks that the indicator compares with, at least 1; default 5
    /// (CVPR 2022).</param>
    /// <param name="lookBack">Number of previous values that the indicator must not be below, at least 1; default 5
    /// (CVPR 2022).</param>
    /// <param name="deadline">Fraction of the run after which it prunes in any case, between 0 and 1, both excluded;
    /// default 1/3.</param>
    /// <param name="countGroups">Whether a group of coupled layers counts once in the similarity, not once for each of
    /// its layers; default false.</param>
    /// <param name="observationsPerEpoch">At least 1; default null: one, or more in short runs, so that 20 lie before
    /// the deadline.</param>
    /// <remarks><c>Fit</c> checks the values.</remarks>
    public static PruningPolicy EarlyPruningIndicator(
        double? tau = null,
        int window = EarlyPruningIndicatorPolicy.DefaultWindow,
        int lookBack = EarlyPruningIndicatorPolicy.DefaultLookBack,
        double deadline = ObservationPace.DefaultDeadline,
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
    /// <param name="distance">Highest mask distance that counts as stable, a fraction 0 to 1 of all channels, which
    /// only one of two masks keeps; default 0.1 (ICLR 2020).</param>
    /// <param name="masks">Number of masks to compare, the newest with each of the others; at least 2; default 5 (ICLR
    /// 2020).</param>
    /// <param name="deadline">Fraction of the run after which it prunes in any case, between 0 and 1, both excluded;
    /// default 1/3.</param>
    /// <param name="observationsPerEpoch">At least 1; default null: one, or more in short runs, so that 20 lie before
    /// the deadline.</param>
    /// <remarks><c>Fit</c> checks the values.</remarks>
    public static PruningPolicy EarlyBird(
        double distance = EarlyBirdPolicy.DefaultDistance,
        int masks = EarlyBirdPolicy.DefaultMasks,
        double deadline = ObservationPace.DefaultDeadline,
        int? observationsPerEpoch = null) => new EarlyBirdPolicy
        {
            Distance = distance, Masks = masks, Deadline = deadline, ObservationsPerEpoch = observationsPerEpoch,
        };

    /// <summary>Prunes before the first step, by any criterion; the same policy as <c>AtEpoch(0)</c>.</summary>
    public static PruningPolicy AtInitialization { get; } = new FixedEpochPolicy(0);

    /// <summary>Prunes after a number of dense epochs.</summary>
    /// <param name="epoch">Dense epochs before pruning, at least 0 and fewer than the run has; <c>Fit</c> checks
    /// it.</param>
    public static PruningPolicy AtEpoch(int epoch) => new FixedEpochPolicy(epoch);

    /// <summary>Prunes the trained network and retrains it by <see cref="PruningOptions.Retraining"/>.</summary>
    public static PruningPolicy AfterTraining { get; } = new AfterTrainingPolicy();

    /// <summary>Never prunes: the dense reference.</summary>
    public static PruningPolicy Never { get; } = new NeverPolicy();

    /// <summary>The policies of the library that have one name each, with their default settings.</summary>
    internal static IReadOnlyList<PruningPolicy> Named { get; } =
        [EarlyPruningIndicator(), EarlyBird(), AtInitialization, AfterTraining, Never];

    /// <summary>The names of the library's policies; N stands for a number of epochs.</summary>
    internal static IReadOnlyList<string> Names { get; } = [.. Named.Select(p => p.Name), FixedEpochPolicy.NameForm];

    /// <summary>The policy of the library with this name and its default settings.</summary>
    /// <param name="name">The name, such as <c>epi</c> or <c>epoch:3</c>.</param>
    /// <exception cref="InvalidOptionsException">No policy has this name.</exception>
    public static PruningPolicy ByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Find(name)
            ?? throw new InvalidOptionsException(
                ErrorCodes.PolicyUnknown,
                $"There is no policy '{name}'. Known: {string.Join(", ", Names)}. {HintFor(name)}".TrimEnd()
                    + " A policy of your own cannot be found by its name: set Pruning.Policy in code.");
    }

    /// <summary>A sentence on a name that no policy has; null for none.</summary>
    internal static string? HintFor(string name)
    {
        if (name.StartsWith(FixedEpochPolicy.Prefix, StringComparison.Ordinal))
            return $"N is a number of dense epochs, such as {FixedEpochPolicy.Prefix}3.";
        return NearestNames.Of(name, Names) is [var nearest, ..] ? $"Did you mean {nearest}?" : null;
    }

    internal static PruningPolicy? Find(string name) =>
        Named.FirstOrDefault(p => p.Name == name) ?? FixedEpochPolicy.Parse(name);

    /// <summary>Observations per epoch, evenly spread, the last one at its end.</summary>
    /// <param name="epochs">Epochs of the run.</param>
    /// <returns>At least 1; 1 by default.</returns>
    public virtual int ObservationRate(int epochs) => 1;

    /// <summary>Decides after each observation, until it prunes.</summary>
    /// <param name="observations">All observations of the run, the present one last.</param>
    public abstract PolicyDecision Decide(IReadOnlyList<PolicyObservation> observations);

    /// <summary>
    /// Whether it prunes before the first step. Criteria that use gradients of training then score the network on ten
    /// batches of images; otherwise they score it after the first steps, and <see cref="Decide"/> is not called before.
    /// </summary>
    /// <value>Default false.</value>
    public virtual bool PrunesAtInitialization => false;

    /// <summary>
    /// Number of epochs after which it has pruned. The expected length of a run with
    /// <see cref="RetrainingOptions.Epochs"/> and the time that is left are computed with it.
    /// </summary>
    /// <param name="training">The training options of the run.</param>
    /// <returns>0 to the epochs of the run, with fractions; by default all its epochs.</returns>
    public virtual double LatestPruning(TrainingOptions training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return training.Epochs;
    }

    /// <summary>Predecessors that the logged indicator compares with.</summary>
    internal virtual int IndicatorWindow => EarlyPruningIndicatorPolicy.DefaultWindow;

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
}
