using Microsoft.ML.PaT.Core;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling.Layers;

/// <summary>Normalization over kept channels only: what a norm across channels computes in the masked reference that surgery is checked against.</summary>
internal static class MaskedNorm
{
    private static readonly Scalar s_minFraction = 1e-30.ToScalar();

    /// <summary>Brings kept values to mean 0 and variance 1, then scales and shifts all.</summary>
    /// <param name="values">The values.</param>
    /// <param name="mask">1 where a value is kept, else 0; of as many dimensions, one wide where it does not differ.</param>
    /// <param name="dimensions">The dimensions to normalize over.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="scale">Factors, broadcast over the values.</param>
    /// <param name="shift">Added at last, likewise.</param>
    /// <returns>A new tensor like the values.</returns>
    public static torch.Tensor Over(torch.Tensor values, torch.Tensor mask, long[] dimensions, double epsilon, torch.Tensor scale, torch.Tensor shift)
    {
        using var scope = torch.NewDisposeScope();
        var fraction = mask.mean(dimensions, keepdim: true).clamp_min(s_minFraction);
        var mean = values.mul(mask).mean(dimensions, keepdim: true).div(fraction);
        var centered = values.sub(mean).mul(mask);
        var variance = centered.Squared().mean(dimensions, keepdim: true).div(fraction);
        return centered.div(variance.Plus(epsilon).sqrt()).mul(scale).Plus(shift).MoveToOuterDisposeScope();
    }
}
