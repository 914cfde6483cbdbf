using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>Where a run starts: random weights, or those of a file.</summary>
internal static class StartingPoint
{
    /// <summary>The network before its first step, owned by the caller, and what its pictures are normalised with.</summary>
    /// <exception cref="InvalidWeightsException">The weights are not those of the network.</exception>
    public static (TrainableNetwork Network, Normalization Normalization) Of(
        PruningAwareTrainingOptions options, NetworkDefinition definition, PictureStore training, torch.Generator generator, torch.Device device, bool? channelsLast = null)
    {
        // A network may bring its own; a classifier for other classes starts afresh.
        var weights = options.Weights ?? (options.Network.Weights is { } own ? own with { FreshClassifier = definition.Classes != options.Network.StandardClasses } : null);
        if (weights is null) return (TrainableNetwork.Initialise(definition, generator, device, channelsLast, options.Training.Kernels), options.Images.Normalization ?? training.ComputeNormalization());
        using var scope = torch.NewDisposeScope();
        var (tensors, trainedWith) = weights.Read(definition, generator);
        return (new(definition, tensors, device, channelsLast, options.Training.Kernels), options.Images.Normalization ?? trainedWith ?? training.ComputeNormalization());
    }
}
