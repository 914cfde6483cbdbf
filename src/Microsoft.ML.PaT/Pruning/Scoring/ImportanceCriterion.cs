using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT;

/// <summary>
/// What makes a channel important. Every layer that makes a channel gives it a score, <see cref="GroupReduction"/> makes them one,
/// <see cref="ScoreNormalization"/> makes groups comparable. w are the weights of one output of a convolution or linear layer (a filter),
/// g their gradients. The command line and reports spell the names in lower case: <c>taylor-weights</c>, <c>batch-norm-scale</c>.
/// </summary>
public enum ImportanceCriterion
{
    /// <summary>
    /// First-order Taylor estimate of the loss change, from the gradients that training makes anyway (CVPR 2022, equation 2): |gamma*dL/dgamma + beta*dL/dbeta|
    /// of a batch-norm, |sum of w*g| where a channel has none; the mean over the batches of an epoch.
    /// </summary>
    Taylor,

    /// <summary>Root mean square of all weights of a channel, over all its layers at once (CVPR 2022, equation 2); no reduction applies.</summary>
    Magnitude,

    /// <summary>The weight form of the Taylor estimate (Molchanov et al., CVPR 2019): sum of (w*g)^2 over the filter, from the gradients that training makes anyway; the mean over the batches of an epoch.</summary>
    TaylorWeights,

    /// <summary>Sum of |w| over the filter (Li et al., ICLR 2017).</summary>
    L1,

    /// <summary>Euclidean norm of the filter.</summary>
    L2,

    /// <summary>|gamma| of a batch-norm (network slimming, ICCV 2017; Early-Bird tickets, ICLR 2020); the Euclidean norm of the filter, which is its gain, where a channel has none.</summary>
    BatchNormScale,

    /// <summary>Sum of the Euclidean distances of a filter to all filters of its layer (FPGM, CVPR 2019): what lies in the middle can be replaced by the others.</summary>
    Fpgm,

    /// <summary>Squared norm of the filter over the sum of the squared norms of all that are no smaller in its layer (LAMP, ICLR 2021, per filter): the largest of a layer has 1.</summary>
    Lamp,

    /// <summary>A random number that the seed of the run, and the widths of the network decide: the control that every other criterion must beat. No reduction applies.</summary>
    Random,

    /// <summary>Sum of |w*g| over the filter, g the gradient of the loss on a few batches at the moment of scoring (SNIP, ICLR 2019).</summary>
    Snip,

    /// <summary>Sum of w*(H*g) over the filter, on a few batches at the moment of scoring, H the Hessian, logits over 200 (GraSP, ICLR 2020): what carries the gradient flow stays. Signed.</summary>
    Grasp,

    /// <summary>
    /// Sum of |w*dR/dw| over the filter, R the output of the network of absolute weights for an image of ones (SynFlow, NeurIPS 2020): needs no
    /// images. Masks channels in 100 rounds, exponentially down to the target, and scores what is left anew in each.
    /// </summary>
    SynFlow,
}
