using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Serving;

/// <summary>
/// Measures the range of every layer's output for 8-bit quantization: minimum and maximum, including outliers
/// (docs/decisions/onnx.md).
/// </summary>
internal static class Calibration
{
    private const int BatchSize = 32;

    /// <param name="images">Images, [n,C,H,W].</param>
    /// <returns>Minimum and maximum for the name of each layer and of the input. Each range includes 0.</returns>
    public static Dictionary<string, (float Min, float Max)> Measure(
        NetworkDefinition definition,
        IReadOnlyDictionary<string, Tensor> weights,
        Normalization normalization,
        ReadOnlyMemory<byte> images)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var module = new NetworkModule(definition, weights.ToDictionary(w => w.Key, w => w.Value.alias()));
        module.eval();
        var (scale, shift) = normalization.ToTensors();
        var ranges = new Dictionary<string, (float Min, float Max)>();
        var shape = definition.Input;
        for (var at = 0; at < images.Length; at += BatchSize * shape.Size)
        {
            using var batchScope = NewDisposeScope();
            var bytes = images.Span[at..Math.Min(images.Length, at + BatchSize * shape.Size)];
            var batch = empty(
                [bytes.Length / shape.Size, shape.Channels, shape.Height, shape.Width], dtype: uint8, device: CPU);
            bytes.CopyTo(batch.bytes);
            var input = batch.to(float32).mul_(scale).Plus_(shift);
            Observe(NetworkDefinition.InputName, input);
            module.Observed(input, Observe);
        }
        return ranges;

        void Observe(string name, Tensor output)
        {
            var (min, max) = ranges.GetValueOrDefault(name);
            ranges[name] = (Math.Min(min, output.min().item<float>()), Math.Max(max, output.max().item<float>()));
        }
    }
}
