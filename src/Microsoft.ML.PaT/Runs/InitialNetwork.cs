using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>The network before its first step: random weights, or those of a file.</summary>
internal static class InitialNetwork
{
    /// <returns>The network, owned by the caller, and the normalization of its input.</returns>
    /// <exception cref="InvalidFileException">The weights are not those of the network.</exception>
    public static (TrainableNetwork Network, Normalization Normalization) Of(
        PruningAwareTrainingOptions options, NetworkDefinition definition, ImageDataset training,
        torch.Generator generator, torch.Device device, bool? channelsLast = null)
    {
        var weights = options.WeightsFor(definition.Classes);
        var (kernels, normalization) = (options.Training.Kernels, options.Images.Normalization);
        if (weights is null)
        {
            var network = TrainableNetwork.Initialize(definition, generator, device, channelsLast, kernels);
            return (network, normalization ?? training.ComputeNormalization());
        }
        using var scope = torch.NewDisposeScope();
        var (tensors, trainedWith) = weights.Read(definition, generator);
        return (
            new(definition, tensors, device, channelsLast, kernels),
            normalization ?? trainedWith ?? training.ComputeNormalization());
    }
}
