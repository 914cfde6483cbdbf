using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Serving;

/// <summary>
/// Folds batch-norms into the convolutions or linear layers before them, for prediction, if nothing else reads their
/// output. With k = gamma / sqrt(variance + epsilon): weight' = k weight, bias' = k (bias - mean) + beta.
/// </summary>
internal static class BatchNormFolding
{
    /// <param name="definition">The network.</param>
    /// <param name="weights">Its tensors by name.</param>
    /// <returns>The network without the folded norms, and its tensors: new handles that the caller owns.</returns>
    public static (NetworkDefinition Definition, Dictionary<string, Tensor> Weights) Fold(
        NetworkDefinition definition, IReadOnlyDictionary<string, Tensor> weights)
    {
        using var quiet = no_grad();
        var readers = definition.Layers.SelectMany(l => l.Inputs).CountBy(i => i).ToDictionary();
        var layers = new Dictionary<string, Layer>();
        var folded = new Dictionary<string, string>();
        var tensors =
            definition.Parameters.ToDictionary(p => p.Name, p => weights[p.Name].alias().DetachFromDisposeScope());
        foreach (var layer in definition.Layers)
        {
            if (layer is BatchNormLayer norm && readers[norm.Inputs[0]] == 1
                && layers.GetValueOrDefault(norm.Inputs[0]) is ConvolutionLayer or LinearLayer)
            {
                layers[norm.Inputs[0]] = Merge(layers[norm.Inputs[0]], norm, tensors);
                folded[norm.Name] = norm.Inputs[0];
            }
            else
            {
                layers.Add(
                    layer.Name,
                    layer with { Inputs = [.. layer.Inputs.Select(i => folded.GetValueOrDefault(i, i))] });
            }
        }
        return (new(definition.Name, definition.Input, [.. layers.Values]), tensors);
    }

    private static Layer Merge(Layer layer, BatchNormLayer norm, Dictionary<string, Tensor> tensors)
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
        return layer is ConvolutionLayer convolution ? convolution with { Bias = true } : layer;

        void Replace(string name, Tensor value)
        {
            if (tensors.Remove(name, out var old)) old.Dispose();
            tensors[name] = value.to(float32).DetachFromDisposeScope();
        }
    }
}
