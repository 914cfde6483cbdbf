using System.Globalization;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// Gives the batch-norms of given weights the statistics of the new images, and changes scale and shift so that the
/// network computes the same function: training, which normalizes by batches, then begins where the weights ended
/// (docs/results/transfer.md). Norms stay as given if their statistics are not of these weights.
/// </summary>
internal static class NormAdaptation
{
    /// <summary>
    /// Median over the channels of a norm: variance of the images over that of the weights. More means that the
    /// statistics are not of these weights, for example after a single step.
    /// </summary>
    private const double MaxVarianceRatio = 10;

    /// <param name="tensors">Tensors of the network. Those of the norms are replaced.</param>
    /// <param name="device">Device of the measurement.</param>
    /// <param name="frozen">Norms that stay as given.</param>
    /// <returns>A remark if the norms stay as given for their statistics; otherwise null.</returns>
    public static string? Adapt(
        NetworkDefinition network, Dictionary<string, Tensor> tensors, ProbeBatches batches, Device device,
        IReadOnlySet<string> frozen)
    {
        var norms = network.Layers.OfType<BatchNormLayer>()
            .Where(n => n.Inputs[0] != NetworkDefinition.InputName && !frozen.Contains(n.Name))
            .ToList();
        if (norms.Count == 0) return null;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var moments = OutputMoments.Measure(network, tensors, norms.Select(n => n.Inputs[0]), batches, device);
        if (moments.Count == 0) return null;
        if (norms.Find(n => VarianceRatio(n) > MaxVarianceRatio) is { } other)
        {
            var times = VarianceRatio(other).ToString("G2", CultureInfo.InvariantCulture);
            return $"The running statistics of the given weights do not fit the images: at '{other.Name}' the variance "
                + $"is {times} times theirs. They are kept as given. Check Images.Normalization, or whether the "
                + "weights were trained.";
        }
        foreach (var norm in norms)
        {
            var (mean, variance) = moments[norm.Inputs[0]];
            var slope = Double(norm.Scale) / Double(norm.Variance).Plus(norm.Epsilon).sqrt();
            var shift = Double(norm.Shift).Plus(slope * mean.Plus(Double(norm.Mean), -1));
            tensors[norm.Mean] = Single(mean);
            tensors[norm.Variance] = Single(variance);
            tensors[norm.Scale] = Single(slope * variance.Plus(norm.Epsilon).sqrt());
            tensors[norm.Shift] = Single(shift);
        }
        return null;

        double VarianceRatio(BatchNormLayer norm) =>
            (moments[norm.Inputs[0]].Variance / Double(norm.Variance).Plus(norm.Epsilon)).median().item<double>();

        Tensor Double(string name) => tensors[name].cpu().to(ScalarType.Float64);

        static Tensor Single(Tensor value) => value.to(ScalarType.Float32, copy: true).MoveToOuterDisposeScope();
    }
}
