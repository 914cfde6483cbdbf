using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

internal static class ExportedNetworks
{
    public const int Images = 2;

    /// <summary>Exports a network with random weights and computes its output for some images.</summary>
    /// <param name="definition">The network.</param>
    /// <param name="input">Input type of the model.</param>
    /// <param name="softmax">Whether the model ends with a softmax.</param>
    public static (byte[] Model, float[] Logits) Of(
        NetworkDefinition definition, OnnxInput input = OnnxInput.Normalized, bool softmax = false)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = TinyNetworks.Trainable(definition);
        string[] classes = [.. Enumerable.Range(0, definition.Classes).Select(c => $"{c}")];
        using var classifier = new ImageClassifier(definition, network.Tensors, TinyClassifiers.Normalization, classes);
        using var stream = new MemoryStream();
        classifier.SaveOnnx(stream, new() { Input = input, Softmax = softmax });
        return (stream.ToArray(), Logits(definition, network.Tensors));
    }

    public static float[] Logits(NetworkDefinition definition, IReadOnlyDictionary<string, Tensor> weights)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var module = new NetworkModule(definition, weights.ToDictionary(w => w.Key, w => w.Value.alias()));
        module.eval();
        return MemoryMarshal
            .Cast<byte, float>(module.forward(TinyNetworks.Images(definition, Images)).contiguous().bytes)
            .ToArray();
    }
}
