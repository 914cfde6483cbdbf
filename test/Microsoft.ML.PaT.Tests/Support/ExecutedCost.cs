using Microsoft.ML.PaT.Modeling;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Cost of a network, counted by running it from the sizes of real tensors, independently of the cost model.
/// </summary>
internal static class ExecutedCost
{
    public static NetworkCost Of(NetworkDefinition definition)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var tensors =
            definition.Parameters.ToDictionary(p => p.Name, p => torch.ones(p.Shape, requires_grad: p.Trainable));
        using var module = new NetworkModule(definition, tensors);
        var values = new Dictionary<string, torch.Tensor>
        {
            [NetworkDefinition.InputName] = torch.ones(
                1,
                definition.Input.Channels,
                definition.Input.Height,
                definition.Input.Width),
        };
        long macs = 0;
        foreach (var layer in definition.Layers)
        {
            var output = layer.Forward(
                new([.. layer.Inputs.Select(i => values[i])], tensors, training: false, inPlace: false, noise: null));
            values[layer.Name] = output;
            // Every weight is used once per output pixel.
            var pixels = output.shape[2] * output.shape[3];
            macs +=
                pixels * layer.Parameters.Where(p => p.Role == ParameterRole.Weight).Sum(p => tensors[p.Name].numel());
            // Attention multiplies every query with every key, and every weight with every value.
            if (layer is AttentionLayer) macs += 2 * pixels * pixels * output.shape[1];
            if (layer is WindowAttentionLayer windows)
                macs += 2 * pixels * windows.Height * windows.Width * output.shape[1];
        }
        return new(module.Trained.Sum(p => p.Value.numel()), macs);
    }
}
