using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT;

/// <summary>
/// Knowledge distillation from the dense network to the compact one (Hinton, Vinyals and Dean, 2015). The loss of an
/// image is (1 - w) * cross-entropy + w * T^2 * KL(softmax(dense / T) || softmax(compact / T)).
/// </summary>
/// <remarks>
/// The dense network is kept until the end of the run, with a second buffer of its size, and in every checkpoint after
/// pruning. It scores each batch, which costs a third of a dense step, so most of the time that pruning saves is lost.
/// </remarks>
public sealed record DistillationOptions
{
    /// <summary>
    /// Temperature T, by which the logits are divided. A higher value gives more weight to the probabilities of wrong
    /// classes.
    /// </summary>
    /// <value>Above 0, at most 100; default 4, between the 2 and the 20 of the authors' experiments.</value>
    [InRange(0, 100, ExcludesMin = true)]
    public double Temperature { get; init; } = 4;

    /// <summary>Weight w of the distillation term in the loss.</summary>
    /// <value>Fraction above 0, at most 1; default 0.5.</value>
    [InRange(0, 1, ExcludesMin = true, IsFraction = true)]
    public double Weight { get; init; } = 0.5;
}
