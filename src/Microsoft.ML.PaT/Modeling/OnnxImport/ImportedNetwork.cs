using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>A network that was imported from an ONNX file.</summary>
/// <param name="Weights">float32 tensors on the CPU by name; owned by this object.</param>
/// <param name="Normalization">Normalization at the start of the graph; null if the file has none.</param>
/// <param name="PixelRange">Largest pixel value of the file's input: 1 or 255. Only used with a normalization.</param>
/// <param name="EndsWithSoftmax">Whether the file ends with a softmax, which the network omits.</param>
internal sealed record ImportedNetwork(
    NetworkDefinition Definition,
    IReadOnlyDictionary<string, Tensor> Weights,
    Normalization? Normalization,
    float PixelRange,
    bool EndsWithSoftmax) : IDisposable
{
    /// <summary>The names of the classes; null if the file has none.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    public void Dispose()
    {
        foreach (var tensor in Weights.Values) tensor.Dispose();
    }
}
