using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning.Scoring;
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
        var norms = RestoredNorms.Of(network).ToList();
        if (norms.Count == 0) return;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var moments = OutputMoments.Measure(
            RestoredNorms.RemoveFrom(network), tensors, norms.Select(n => n.Inputs[0]), batches, device);
        if (moments.Count == 0)
        {
            throw new InvalidOptionsException(
                ErrorCodes.ImagesMissing,
                "Training.RestoreBatchNorms measures batches of training images, and there are fewer images than "
                    + "threads. Give more images.");
        }
        foreach (var norm in norms)
        {
            var (mean, variance) = moments[norm.Inputs[0]];
            tensors[norm.Mean] = Single(mean);
            tensors[norm.Variance] = Single(variance);
            tensors[norm.Shift] = Single(mean);
            tensors[norm.Scale] = Single(variance.Plus(norm.Epsilon).sqrt());
        }

        static Tensor Single(Tensor value) => value.to(ScalarType.Float32, copy: true).MoveToOuterDisposeScope();
    }
}
