using Microsoft.ML.PaT.Core;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling.Layers;

/// <summary>Normalization over kept channels only, for the masked network of pruning tests.</summary>
internal static class MaskedNorm
{
    private static readonly Scalar s_minFraction = 1e-30.ToScalar();

    /// <summary>Normalizes kept values to mean 0 and variance 1, then scales and shifts all values.</summary>
    /// <param name="mask">1 for kept values, otherwise 0; broadcast over the values.</param>
    /// <returns>A new tensor of the values' shape.</returns>
    public static torch.Tensor Over(
        torch.Tensor values,
        torch.Tensor mask,
        long[] dimensions,
        double epsilon,
        torch.Tensor scale,
        torch.Tensor shift)
    {
        using var scope = torch.NewDisposeScope();
        var fraction = mask.mean(dimensions, keepdim: true).clamp_min(s_minFraction);
        var mean = values.mul(mask).mean(dimensions, keepdim: true).div(fraction);
        var centered = values.sub(mean).mul(mask);
        var variance = centered.Squared().mean(dimensions, keepdim: true).div(fraction);
        return centered.div(variance.Plus(epsilon).sqrt()).mul(scale).Plus(shift).MoveToOuterDisposeScope();
    }
}
