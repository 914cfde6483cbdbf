using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// Measures the outputs of convolutions on a few batches and gives each restored norm their mean and variance as
/// running statistics, the mean as shift, and sqrt(variance + epsilon) as scale: it then computes the identity.
/// </summary>
internal static class NormRestoration
{
    /// <param name="tensors">Tensors of the network without these norms. Those of the norms are added.</param>
    /// <param name="device">Device of the measurement.</param>
    /// <exception cref="InvalidOptionsException">There are fewer images than threads.</exception>
    public static void Measure(
        NetworkDefinition network, Dictionary<string, Tensor> tensors, ProbeBatches batches, Device device)
    {
        var norms = RestoredNorms.Of(network).ToDictionary(n => n.Inputs[0]);
        if (norms.Count == 0) return;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var plain = RestoredNorms.RemoveFrom(network);
        using var probe = new NetworkProbe(plain, tensors, device, ScalarType.Float32, 0, fusedNorms: false);
        var means = norms.Values.ToDictionary(n => n.Name, n => zeros(n.Channels, dtype: ScalarType.Float64));
        var squares = norms.Values.ToDictionary(n => n.Name, n => zeros(n.Channels, dtype: ScalarType.Float64));
        var channelsLast = TrainableNetwork.PrefersChannelsLast(plain, device);
        var count = batches.ForEach(device, channelsLast, (images, _) =>
            probe.Forward(images, (layer, output) =>
            {
                if (!norms.TryGetValue(layer, out var norm)) return;
                var (mean, variance) = (
                    output.mean([0L, 2, 3]).cpu().to(ScalarType.Float64),
                    output.var([0L, 2, 3], unbiased: false).cpu().to(ScalarType.Float64));
                means[norm.Name].Plus_(mean);
                squares[norm.Name].Plus_(variance.Plus(mean.Squared()));
            }).Dispose());
        if (count == 0)
        {
            throw new InvalidOptionsException(
                ErrorCodes.ImagesMissing,
                "Training.RestoreBatchNorms measures batches of training images, and there are fewer images than "
                    + "threads. Give more images.");
        }
        foreach (var norm in norms.Values)
        {
            var mean = means[norm.Name].Over(count);
            var variance = squares[norm.Name].Over(count).sub(mean.Squared()).relu();
            tensors[norm.Mean] = Single(mean);
            tensors[norm.Variance] = Single(variance);
            tensors[norm.Shift] = Single(mean);
            tensors[norm.Scale] = Single(variance.Plus(norm.Epsilon).sqrt());
        }

        static Tensor Single(Tensor value) => value.to(ScalarType.Float32, copy: true).MoveToOuterDisposeScope();
    }
}
