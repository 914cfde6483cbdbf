namespace Microsoft.ML.PaT;

/// <summary>
/// Optimizer that trains the weights. Its state is pruned with the channels and saved in checkpoints.
/// </summary>
/// <remarks>
/// Weight decay applies only to the weights of convolutions, linear layers and attention, not to norms and biases.
/// </remarks>
public enum Optimizer
{
    /// <summary>
    /// Stochastic gradient descent with momentum, as defined by PyTorch: g += decay * w; v = momentum * v + g; w -=
    /// rate * v, or w -= rate * (g + momentum * v) with Nesterov momentum.
    /// </summary>
    Sgd,

    /// <summary>
    /// Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019). <see cref="TrainingOptions.Momentum"/> is
    /// beta1, <see cref="TrainingOptions.Beta2"/> is beta2, and epsilon is 1e-8. Both moments are bias-corrected.
    /// </summary>
    AdamW,

    /// <summary>
    /// Layer-wise adaptive rate scaling for large batches (You, Gitman and Ginsburg, 2017): <see cref="Sgd"/> with the
    /// gradient of each weight tensor, weight decay included, scaled by <see cref="TrainingOptions.TrustCoefficient"/>
    /// * |w| / (|g| + decay * |w|). Norms and biases are not scaled.
    /// </summary>
    Lars,
}
