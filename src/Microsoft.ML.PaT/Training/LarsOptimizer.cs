using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <inheritdoc cref="Optimizer.Lars"/>
/// <remarks>
/// Multiplies the gradient of each weight tensor, weight decay included, by its trust ratio, and then steps as SGD
/// does. Costs four small operators per tensor. A tensor whose values or gradients are all zero is not scaled.
/// </remarks>
internal sealed class LarsOptimizer(TrainingOptions options) : SgdOptimizer(options with { WeightDecay = 0 })
{
    private readonly double _trust = options.TrustCoefficient, _decay = options.WeightDecayInUse;

    private protected override void Prepare(FlatParameters weights)
    {
        var ranges = weights.Ranges.ToList();
        var (values, gradients) = (Norms(weights.Values), Norms(weights.Gradients));
        var scaled = values.gt(Scalars.Zero).logical_and(gradients.gt(Scalars.Zero));
        var ratios = where(scaled, values.Times(_trust).div(gradients.Plus(values, _decay)), ones_like(values));
        if (_decay > 0) weights.Gradients.Plus_(weights.Values, _decay);
        for (var i = 0; i < ranges.Count; i++)
            weights.Gradients.narrow(0, ranges[i].Offset, ranges[i].Count).mul_(ratios[i]);

        Tensor Norms(Tensor flat) => stack(ranges.Select(r => flat.narrow(0, r.Offset, r.Count).norm()).ToArray());
    }
}
