namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Batch-norms that replace those that an export folded into the convolutions. A restored norm has the name of its
/// convolution and a suffix, so that the network without them can be derived.
/// </summary>
internal static class RestoredNorms
{
    private const string Suffix = ".restored_norm";

    /// <summary>
    /// Adds a batch-norm after each convolution that has a bias and more than one pixel, unless a norm already reads
    /// it. The classifier and the convolutions of squeeze-and-excitation get none.
    /// </summary>
    public static NetworkDefinition AddTo(NetworkDefinition network)
    {
        var readers = network.Layers.SelectMany(l => l.Inputs.Select(i => (i, l))).ToLookup(r => r.i, r => r.l);
        var classifier = network.Layers.Last(l => l.Parameters.Any());
        var (layers, renamed) = (new List<Layer>(), new Dictionary<string, string>());
        foreach (var layer in network.Layers)
        {
            layers.Add(layer with { Inputs = [.. layer.Inputs.Select(i => renamed.GetValueOrDefault(i, i))] });
            if (layer is not ConvolutionLayer { Bias: true } convolution || layer == classifier) continue;
            if (network.OutputShape(layer.Name) is { Height: 1, Width: 1 }) continue;
            if (readers[layer.Name].Any(r => r is BatchNormLayer or LayerNormLayer or GroupNormLayer)) continue;
            var name = renamed[layer.Name] = layer.Name + Suffix;
            layers.Add(new BatchNormLayer(name, [layer.Name], convolution.Out));
        }
        return new(network.Name, network.Input, layers);
    }

    /// <summary>Returns the network without its restored norms.</summary>
    public static NetworkDefinition RemoveFrom(NetworkDefinition network)
    {
        var norms = Of(network).ToDictionary(n => n.Name, n => n.Inputs[0]);
        return new(
            network.Name,
            network.Input,
            [
                .. network.Layers.Where(l => !norms.ContainsKey(l.Name))
                    .Select(l => l with { Inputs = [.. l.Inputs.Select(i => norms.GetValueOrDefault(i, i))] }),
            ]);
    }

    public static IEnumerable<BatchNormLayer> Of(NetworkDefinition network) =>
        network.Layers.OfType<BatchNormLayer>().Where(n => n.Name == n.Inputs[0] + Suffix);
}
