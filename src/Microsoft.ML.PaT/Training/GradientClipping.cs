using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

internal static class GradientClipping
{
    /// <summary>PyTorch's value; prevents a division by zero.</summary>
    private const double Epsilon = 1e-6;

    /// <summary>
    /// Scales the gradients so that their Euclidean norm over all parameters is at most a limit. Does not wait for the
    /// device.
    /// </summary>
    /// <param name="limit">Maximum norm, greater than 0.</param>
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
