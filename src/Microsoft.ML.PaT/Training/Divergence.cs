using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>Finds where numbers stop being finite.</summary>
internal static class Divergence
{
    /// <summary>The first layer whose output is not finite; null when all are.</summary>
    /// <param name="network">The network as it was when the loss came out.</param>
    /// <param name="input">The batch, [N,C,H,W].</param>
    public static string? OfActivations(TrainableNetwork network, Tensor input) =>
        network.Module.FirstNotFinite(input) is { } layer ? $"the output of layer '{layer}'" : null;

    /// <summary>The layer whose gradient was the first that is not finite, which is the last such in the network: gradients flow backwards. Null when all are finite.</summary>
    /// <remarks>Costs a sum over the gradients: a thousandth of a step.</remarks>
    /// <param name="network">The network after the backward pass.</param>
    public static string? OfGradients(TrainableNetwork network)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (float.IsFinite(network.Decayed.Gradients.sum().item<float>() + network.Undecayed.Gradients.sum().item<float>())) return null;
        var layer = network.Definition.Layers.LastOrDefault(l => l.Parameters.Any(p => p.Trainable && !network.Tensors[p.Name].grad!.isfinite().all().item<bool>()));
        return layer is null ? "the sum of all gradients" : $"the gradient of layer '{layer.Name}'";
    }
}
