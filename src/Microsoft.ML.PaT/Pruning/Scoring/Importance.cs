using Microsoft.ML.PaT.Pruning.Scoring;
using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>
/// A criterion, which gives every channel a score. The static members are the criteria of the library; derive from
/// this record to write another one (docs/guide/own-criterion.md).
/// </summary>
/// <remarks>
/// A criterion has no state, so one instance can serve many runs. It computes scores from an
/// <see cref="ImportanceContext"/>; the library averages its values of training batches and stores them in checkpoints.
/// In the formulas, w are the weights of one output of a convolution or linear layer (a filter), and g their gradients.
/// Every layer that produces a channel gives it a score, <see cref="GroupReduction"/> combines these scores, and
/// <see cref="ScoreNormalization"/> makes groups comparable.
/// </remarks>
public abstract record Importance
{
    /// <summary>
    /// First-order Taylor estimate of the change of the loss, from the gradients of training (CVPR 2022, equation 2):
    /// |gamma*dL/dgamma + beta*dL/dbeta| of a batch-norm, |sum of w*g| if a channel has none; the mean over the
    /// batches of an epoch. Named <c>taylor</c>.
    /// </summary>
    public static Importance Taylor { get; } = new TaylorImportance();

    /// <summary>
    /// Root mean square of all weights of a channel, over all its layers at once (CVPR 2022, equation 2); no reduction
    /// applies. Named <c>magnitude</c>.
    /// </summary>
    public static Importance Magnitude { get; } = new MagnitudeImportance();

    /// <summary>
    /// The weight form of the Taylor estimate (Molchanov et al., CVPR 2019): the sum of (w*g)^2 over the filter, from
    /// the gradients of training; the mean over the batches of an epoch. Named <c>taylor-weights</c>.
    /// </summary>
    public static Importance TaylorWeights { get; } = new TaylorWeightsImportance();

    /// <summary>Sum of |w| over the filter (Li et al., ICLR 2017). Named <c>l1</c>.</summary>
    public static Importance L1 { get; } = new L1Importance();

    /// <summary>Euclidean norm of the filter. Named <c>l2</c>.</summary>
    public static Importance L2 { get; } = new L2Importance();

    /// <summary>
    /// |gamma| of a batch-norm (network slimming, ICCV 2017; Early-Bird tickets, ICLR 2020); the Euclidean norm of the
    /// filter, which is its gain, if a channel has none. Named <c>batch-norm-scale</c>.
    /// </summary>
    public static Importance BatchNormScale { get; } = new BatchNormScaleImportance();

    /// <summary>
    /// Sum of the Euclidean distances of a filter to all filters of its layer (FPGM, CVPR 2019): filters near the
    /// geometric median are redundant. Named <c>fpgm</c>.
    /// </summary>
    public static Importance Fpgm { get; } = new FpgmImportance();

    /// <summary>
    /// Squared norm of the filter over the sum of the squared norms of all that are no smaller in its layer (LAMP, ICLR
    /// 2021, per filter): the largest of a layer has 1. Named <c>lamp</c>.
    /// </summary>
    public static Importance Lamp { get; } = new LampImportance();

    /// <summary>
    /// A random number from 0 to 1, determined by the seed of the run and the widths of the network: the control for
    /// comparisons with other criteria. No reduction applies. Named <c>random</c>.
    /// </summary>
    public static Importance Random { get; } = new RandomImportance();

    /// <summary>
    /// Sum of |w*g| over the filter, g being the gradient of the loss on a few batches at the moment of scoring (SNIP,
    /// ICLR 2019). Named <c>snip</c>.
    /// </summary>
    public static Importance Snip { get; } = new SnipImportance();

    /// <summary>
    /// Sum of w*(H*g) over the filter, on a few batches at the moment of scoring, H being the Hessian, logits divided
    /// by 200 (GraSP, ICLR 2020): keeps the filters that carry the gradient flow. Signed. Named <c>grasp</c>.
    /// </summary>
    public static Importance Grasp { get; } = new GraspImportance();

    /// <summary>
    /// Sum of |w*dR/dw| over the filter, R being the output of the network of absolute weights for an image of ones
    /// (SynFlow, NeurIPS 2020). Needs no images. Channels are masked in 100 rounds, exponentially down to the target,
    /// and the others are scored again in each. Named <c>synflow</c>.
    /// </summary>
    public static Importance SynFlow { get; } = new SynFlowImportance();

    /// <summary>
    /// Mean rank of a channel's feature maps after their activation, over 500 images (HRank, Lin et al., CVPR 2020).
    /// Takes seconds, so it suits a policy that scores once. Named <c>hrank</c>.
    /// </summary>
    public static Importance HRank { get; } = new HRankImportance();

    /// <summary>The criteria of the library.</summary>
    public static IReadOnlyList<Importance> All { get; } =
    [
        Taylor, Magnitude, TaylorWeights, L1, L2, BatchNormScale, Fpgm, Lamp, Random, Snip, Grasp, SynFlow, HRank,
    ];

    /// <summary>The name in reports, recipes and on the command line: lower case with dashes.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether the scores come from the gradients of training batches: <see cref="OfBatch"/> is then called after each
    /// backward pass. Before the first step, and without training, it is called for a few batches of training images.
    /// </summary>
    /// <value>Default false.</value>
    public virtual bool UsesGradients => false;

    /// <summary>
    /// How many times channels are scored for one pruning step. Between two rounds the lowest channels are masked,
    /// exponentially down to the target, and the others are scored again (<see cref="ImportanceContext.Probe"/> has the
    /// mask). Masked channels score below all others, those masked later above those masked earlier.
    /// </summary>
    /// <value>At least 1; default 1.</value>
    public virtual int Rounds => 1;

    /// <summary>The normalization if <see cref="PruningOptions.Normalization"/> is null.</summary>
    /// <value>Default <see cref="ScoreNormalization.GroupMean"/> (docs/decisions/score.md).</value>
    public virtual ScoreNormalization DefaultNormalization => ScoreNormalization.GroupMean;

    /// <summary>The criterion of the library with this name.</summary>
    /// <param name="name">The name, such as <c>taylor</c>.</param>
    /// <exception cref="InvalidOptionsException">No criterion has this name.</exception>
    public static Importance ByName(string name) => All.FirstOrDefault(c => c.Name == name)
        ?? throw new InvalidOptionsException(ErrorCodes.CriterionUnknown,
            $"There is no criterion '{name}'. Known: {string.Join(", ", All.Select(c => c.Name))}."
            + $"{NearestNames.Question(name, All.Select(c => c.Name))} A criterion of your own "
            + "cannot be found by its name: set Pruning.Criterion in code.");

    /// <summary>Computes values from the gradients of one training batch, for criteria that use gradients.</summary>
    /// <param name="context">The network after the backward pass and before the step.</param>
    /// <returns>
    /// A new tensor, of the same shape each time. <see cref="ImportanceContext.BatchMean"/> is its mean over the
    /// batches of the last epoch.
    /// </returns>
    public virtual torch.Tensor OfBatch(ImportanceContext context) => throw new NotSupportedException(
        $"The criterion '{Name}' uses gradients (UsesGradients), so it must override OfBatch.");

    /// <summary>Scores every channel of a network.</summary>
    /// <param name="context">The network, its gradients and images.</param>
    /// <returns>
    /// One score per channel, [channels], group after group in the order of <see cref="Pruning.ChannelGroups.Groups"/>;
    /// higher is more important. A value that is not finite counts as 0. Ranks of a distributed run use their mean.
    /// </returns>
    public abstract torch.Tensor Score(ImportanceContext context);
}
