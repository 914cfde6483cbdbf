using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Folds batch-norms into the convolutions or linear layers before them, for prediction, if nothing else reads their
/// output. With k = gamma / sqrt(variance + epsilon): weight' = k weight, bias' = k (bias - mean) + beta.
/// </summary>
internal static class BatchNormFolding
{
    /// <returns>The network without the folded norms, and its tensors: new handles that the caller owns.</returns>
    public static (NetworkDefinition Definition, Dictionary<string, Tensor> Weights) Fold(
        NetworkDefinition definition, IReadOnlyDictionary<string, Tensor> weights)
    {
        using var quiet = no_grad();
        var tensors =
            definition.Parameters.ToDictionary(p => p.Name, p => weights[p.Name].alias().DetachFromDisposeScope());
        return (Fold(definition, (layer, norm) => Merge(layer, norm, tensors)), tensors);
    }

    /// <summary>The network without the norms that fold. Layers that absorb a norm have a bias.</summary>
    public static NetworkDefinition Fold(NetworkDefinition definition) => Fold(definition, (_, _) => { });

    private static NetworkDefinition Fold(NetworkDefinition definition, Action<Layer, BatchNormLayer> merge)
    {
        var readers = definition.Layers.SelectMany(l => l.Inputs).CountBy(i => i).ToDictionary();
        var layers = new Dictionary<string, Layer>();
        var folded = new Dictionary<string, string>();
        foreach (var layer in definition.Layers)
        {
            if (layer is BatchNormLayer norm && readers[norm.Inputs[0]] == 1
                && layers.GetValueOrDefault(norm.Inputs[0]) is { } before and (ConvolutionLayer or LinearLayer))
            {
                merge(before, norm);
                layers[before.Name] = before is ConvolutionLayer conv ? conv with { Bias = true } : before;
                folded[norm.Name] = before.Name;
            }
            else
            {
                layers.Add(
                    layer.Name,
                    layer with { Inputs = [.. layer.Inputs.Select(i => folded.GetValueOrDefault(i, i))] });
            }
        }
        return new(definition.Name, definition.Input, [.. layers.Values]);
    }

    private static void Merge(Layer layer, BatchNormLayer norm, Dictionary<string, Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        var (weightName, biasName) = (layer.Name + ".weight", layer.Name + ".bias");
        Tensor[] parts = [.. norm.Parameters.Select(p => tensors[p.Name].to(float64))];
        var (gamma, beta, mean, variance) = (parts[0], parts[1], parts[2], parts[3]);
        var factor = gamma / variance.Plus(norm.Epsilon).sqrt();
        var weight = tensors[weightName].to(float64);
        var bias = tensors.TryGetValue(biasName, out var own) ? own.to(float64) : zeros_like(mean);

        Replace(weightName, weight * factor.view([-1, .. Enumerable.Repeat(1L, (int)weight.dim() - 1)]));
        Replace(biasName, factor.mul(bias.sub(mean)).Plus(beta));
        foreach (var parameter in norm.Parameters)
        {
            tensors.Remove(parameter.Name, out var spent);
            spent!.Dispose();
        }

        void Replace(string name, Tensor value)
        {
            if (tensors.Remove(name, out var old)) old.Dispose();
            tensors[name] = value.to(float32).DetachFromDisposeScope();
        }
    }
}
