using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>A network that was read from an ONNX file.</summary>
/// <param name="Definition">The network.</param>
/// <param name="Weights">A float32 tensor on the CPU for each of its tensors; they belong to the caller.</param>
/// <param name="Normalization">What images are normalized with, where the file begins with that; null where it does not say.</param>
/// <param name="PixelRange">The largest value of a pixel that the file's own input has: 1 or 255. Only of meaning with a normalization.</param>
/// <param name="EndsWithSoftmax">Whether the file ends with a softmax, which the network leaves out.</param>
internal sealed record ImportedNetwork(
    NetworkDefinition Definition, IReadOnlyDictionary<string, Tensor> Weights, Normalization? Normalization, float PixelRange, bool EndsWithSoftmax) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Weights.Values) tensor.Dispose();
    }
}
