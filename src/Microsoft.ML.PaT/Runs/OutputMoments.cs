using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Runs;

/// <summary>Mean and biased variance of the outputs of layers, float64 [C], over a few batches.</summary>
internal static class OutputMoments
{
    /// <param name="tensors">Tensors of the network, which is in evaluation mode.</param>
    /// <param name="layers">Names of layers with outputs [N,C,H,W].</param>
    /// <param name="device">Device of the measurement.</param>
    /// <returns>By layer, in the caller's dispose scope; empty if there are fewer images than threads.</returns>
    public static Dictionary<string, (Tensor Mean, Tensor Variance)> Measure(
        NetworkDefinition network,
        IReadOnlyDictionary<string, Tensor> tensors,
        IEnumerable<string> layers,
        ProbeBatches batches,
        Device device)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var probe = new NetworkProbe(network, tensors, device, ScalarType.Float32, 0, fusedNorms: false);
        var sums = layers.Distinct().ToDictionary(layer => layer, layer => (Mean: Zeros(layer), Square: Zeros(layer)));
        var channelsLast = TrainableNetwork.PrefersChannelsLast(network, device);
        var count = batches.ForEach(device, channelsLast, (images, _) =>
            probe.Forward(images, (layer, output) =>
            {
                if (!sums.TryGetValue(layer, out var sum)) return;
                var (mean, variance) = (
                    output.mean([0L, 2, 3]).cpu().to(ScalarType.Float64),
                    output.var([0L, 2, 3], unbiased: false).cpu().to(ScalarType.Float64));
                sum.Mean.Plus_(mean);
                sum.Square.Plus_(variance.Plus(mean.Squared()));
            }).Dispose());
        if (count == 0) return [];
        return sums.ToDictionary(s => s.Key, s =>
        {
            var mean = s.Value.Mean.Over(count);
            var variance = s.Value.Square.Over(count).sub(mean.Squared()).relu();
            return (mean.MoveToOuterDisposeScope(), variance.MoveToOuterDisposeScope());
        });

        Tensor Zeros(string layer) => zeros(network.OutputShape(layer).Channels, dtype: ScalarType.Float64);
    }
}
