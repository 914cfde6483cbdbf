using Microsoft.ML.PaT.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <inheritdoc cref="Optimizer.Lars"/>
/// <remarks>Each weight tensor takes four small operators more than it does with SGD. One whose values or gradients are all zero is not scaled.</remarks>
internal sealed class LarsOptimizer(TrainingOptions options) : SgdOptimizer(options)
{
    private readonly double _trust = options.TrustCoefficient, _decay = options.WeightDecay;

    private protected override void Decay(FlatParameters weights)
    {
        var ranges = weights.Ranges.ToList();
        var (values, gradients) = (Norms(weights.Values), Norms(weights.Gradients));
        var scaled = values.gt(Scalars.Zero).logical_and(gradients.gt(Scalars.Zero));
        var ratios = where(scaled, values.Times(_trust).div(gradients.Plus(values, _decay)), ones_like(values));
        base.Decay(weights);
        for (var i = 0; i < ranges.Count; i++) weights.Gradients.narrow(0, ranges[i].Offset, ranges[i].Count).mul_(ratios[i]);

        Tensor Norms(Tensor flat) => stack(ranges.Select(r => flat.narrow(0, r.Offset, r.Count).norm()).ToArray());
    }
}
