namespace Microsoft.ML.PaT;

/// <summary>
/// How the compact network learns from the dense one it was cut from (Hinton, Vinyals and Dean, 2015): of each image the loss is
/// (1 - w) * cross-entropy + w * T^2 * KL(softmax(dense / T) || softmax(compact / T)).
/// </summary>
/// <remarks>
/// The dense network is kept until the run ends, with a second buffer of its size, and in every checkpoint after the cut. It scores each batch:
/// a third of what a dense step costs, so most of the time that the cut saves is spent again.
/// </remarks>
public sealed record DistillationOptions
{
    /// <summary>T: what logits are divided by. The higher, the more the network learns about the classes that an image is not.</summary>
    /// <value>Greater than 0, at most 100; default 4, a usual choice between the 2 and the 20 of the authors' experiments.</value>
    public double Temperature { get; init; } = 4;

    /// <summary>w: how much of the loss is the dense network's.</summary>
    /// <value>Fraction above 0, at most 1; default 0.5.</value>
    public double Weight { get; init; } = 0.5;
}
