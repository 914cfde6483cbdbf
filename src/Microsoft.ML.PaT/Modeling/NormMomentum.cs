namespace Microsoft.ML.PaT.Modeling;

/// <summary>Momentum of batch-norms in networks that start from given weights.</summary>
internal static class NormMomentum
{
    /// <summary>PyTorch's default.</summary>
    private const double Least = 0.1;

    /// <summary>
    /// Raises the momentum to at least 0.1. That of a long training, such as 0.01, averages over hundreds of steps:
    /// after the few steps of a fine-tuning, the running statistics would still be those of the given weights.
    /// </summary>
    public static NetworkDefinition Raise(NetworkDefinition network) =>
        network.Layers.Any(IsSlow)
            ? new(
                network.Name,
                network.Input,
                [.. network.Layers.Select(l => IsSlow(l) ? (BatchNormLayer)l with { Momentum = Least } : l)])
            : network;

    private static bool IsSlow(Layer layer) => layer is BatchNormLayer { Momentum: < Least };
}
