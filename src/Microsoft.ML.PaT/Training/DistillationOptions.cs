using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT;

/// <summary>
/// How the compact network learns from the dense one it was cut from (Hinton, Vinyals and Dean, 2015): the loss of an
/// image is (1 - w) * cross-entropy + w * T^2 * KL(softmax(dense / T) || softmax(compact / T)).
/// </summary>
/// <remarks>
/// The dense network stays in memory until the run ends, with a second buffer of its size, and in every checkpoint after
/// the cut. It scores each batch, which costs a third of a dense step: most of the time that the cut saves is spent again.
/// </remarks>
public sealed record DistillationOptions
{
    /// <summary>T: the divisor of logits. The higher, the more the network learns about the other classes of an image.</summary>
    /// <value>Greater than 0, at most 100; default 4, a usual choice between the 2 and the 20 of the authors' experiments.</value>
    [InRange(0, 100, ExcludesMin = true)]
    public double Temperature { get; init; } = 4;

    /// <summary>w: the weight of the dense network's predictions in the loss.</summary>
    /// <value>Fraction above 0, at most 1; default 0.5.</value>
    [InRange(0, 1, ExcludesMin = true, IsFraction = true)]
    public double Weight { get; init; } = 0.5;
}
