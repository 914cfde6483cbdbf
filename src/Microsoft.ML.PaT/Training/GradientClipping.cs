using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>Shortens gradients that are too long.</summary>
internal static class GradientClipping
{
    /// <summary>As PyTorch has it: keeps the quotient finite where all gradients are zero.</summary>
    private const double Epsilon = 1e-6;

    /// <summary>Scales all gradients of a network so that their Euclidean norm, over all of them together, is at most a limit. Nothing waits for the device.</summary>
    /// <param name="network">The network after the backward pass.</param>
    /// <param name="limit">The longest norm, greater than 0.</param>
    public static void Clip(TrainableNetwork network, double limit)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var norm = stack([network.Decayed.Gradients.norm(), network.Undecayed.Gradients.norm()]).norm();
        var factor = norm.Plus(Epsilon).reciprocal().Times(limit).clamp_max(Scalars.One);
        network.Decayed.Gradients.mul_(factor);
        network.Undecayed.Gradients.mul_(factor);
    }
}
