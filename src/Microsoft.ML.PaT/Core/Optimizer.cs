using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT;

/// <summary>How gradients move the weights. The state of each is carried through the cut channel by channel, and is in checkpoints.</summary>
/// <remarks>Weight decay applies to the weights of convolutions, linear layers and attention only, never to norms and biases.</remarks>
public enum Optimizer
{
    /// <summary>Stochastic gradient descent with momentum, as PyTorch defines it: g += decay * w; v = momentum * v + g; w -= rate * v, or with Nesterov's momentum w -= rate * (g + momentum * v).</summary>
    Sgd,

    /// <summary>
    /// Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019): means of gradients (over <see cref="TrainingOptions.Momentum"/>, called beta1 there) and of their squares
    /// (<see cref="TrainingOptions.Beta2"/>), both corrected for their start at zero; epsilon is 1e-8.
    /// </summary>
    AdamW,

    /// <summary>
    /// Layer-wise adaptive rates for large batches (You, Gitman and Ginsburg, 2017): <see cref="Sgd"/> whose gradient, decay included, is scaled for each weight tensor to
    /// <see cref="TrainingOptions.TrustCoefficient"/> * |w| / (|g| + decay * |w|); norms and biases are not scaled.
    /// </summary>
    Lars,
}
