using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT;

/// <summary>When to prune.</summary>
public abstract record PruningPolicy
{
    private protected PruningPolicy()
    {
    }

    /// <summary>As the command line and reports spell it: <c>epi</c>, <c>early-bird</c>, <c>init</c>, <c>epoch:N</c>, <c>after-training</c>, <c>never</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Prunes as soon as the Early Pruning Indicator calls the sub-network stable, with the defaults of <see cref="EarlyPruningIndicatorPolicy"/>.</summary>
    /// <param name="tau">The threshold, fraction 0 to 1; default: from the run itself (<see cref="Microsoft.ML.PaT.Pruning.AutomaticTau"/>).</param>
    public static PruningPolicy EarlyPruningIndicator(double? tau = null) => new EarlyPruningIndicatorPolicy { Tau = tau };

    /// <summary>Prunes as soon as the same channels are kept again and again, with the defaults of <see cref="EarlyBirdPolicy"/>.</summary>
    public static PruningPolicy EarlyBird { get; } = new EarlyBirdPolicy();

    /// <summary>Prunes before the first step, by whatever criterion the run has.</summary>
    public static PruningPolicy AtInitialization { get; } = new FixedEpochPolicy(0);

    /// <summary>Prunes after a number of dense epochs.</summary>
    /// <param name="epoch">Dense epochs before the cut, at least 0 and fewer than the run has.</param>
    public static PruningPolicy AtEpoch(int epoch) => new FixedEpochPolicy(epoch);

    /// <summary>Prunes the trained network and retrains it by <see cref="PruningOptions.Retraining"/>.</summary>
    public static PruningPolicy AfterTraining { get; } = new AfterTrainingPolicy();

    /// <summary>Never prunes: the dense reference.</summary>
    public static PruningPolicy Never { get; } = new NeverPolicy();

    /// <summary>Whether the cut comes before the first step, so that scores are needed then.</summary>
    internal virtual bool PrunesAtInitialization => false;

    /// <summary>What is wrong with its settings for such a run.</summary>
    internal virtual IEnumerable<string> Errors(TrainingOptions training, RetrainingOptions? retraining) => [];

    /// <summary>Whether a run with this policy can start after some dense epochs of another one and do as if it had been there from the beginning.</summary>
    /// <param name="epoch">Dense epochs done.</param>
    /// <param name="training">The run.</param>
    /// <param name="gradients">Whether its scores are gathered over an epoch.</param>
    internal virtual bool CanStartAt(int epoch, TrainingOptions training, bool gradients) => false;

    /// <summary>Epochs after which it prunes at the latest.</summary>
    internal virtual double LatestCut(TrainingOptions training) => training.Epochs;

    /// <summary>Starts watching a run; null when there is nothing to watch for.</summary>
    internal abstract PolicyWatch? Watch(ImportanceCriterion criterion, TrainingOptions training);
}
