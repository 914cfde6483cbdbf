using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>Finds the first layer with non-finite values.</summary>
internal static class Divergence
{
    /// <summary>Returns the first layer whose output is not finite; null if all are finite.</summary>
    /// <param name="network">The network before the step.</param>
    /// <param name="input">The batch, [N,C,H,W].</param>
    public static string? OfActivations(TrainableNetwork network, Tensor input) =>
        network.Module.FirstNotFinite(input) is { } layer ? $"the output of layer '{layer}'" : null;

    /// <summary>
    /// Returns the last layer of the network whose gradient is not finite, which is the first in the backward pass;
    /// null if all are finite. Costs a sum over the gradients: a thousandth of a step.
    /// </summary>
    /// <param name="network">The network after the backward pass.</param>
    public static string? OfGradients(TrainableNetwork network)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var sum = network.Decayed.Gradients.sum().item<float>() + network.Undecayed.Gradients.sum().item<float>();
        if (float.IsFinite(sum)) return null;
        var layer = network.Definition.Layers.LastOrDefault(l =>
            l.Parameters.Any(p => p.Trainable && !network.Tensors[p.Name].grad!.isfinite().all().item<bool>()));
        return layer is null ? "the sum of all gradients" : $"the gradient of layer '{layer.Name}'";
    }
}
