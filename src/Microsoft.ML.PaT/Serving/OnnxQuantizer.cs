using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Serving;

/// <summary>
/// Quantizes an ONNX graph to 8-bit integers by pairs of QuantizeLinear and DequantizeLinear, which runtimes replace by
/// integer operators: activations as bytes with a scale and a zero point, weights as signed bytes with a scale per
/// channel, biases in 32 bits.
/// </summary>
/// <param name="ranges">Minimum and maximum of each layer's output.</param>
internal sealed class OnnxQuantizer(
    OnnxGraph graph,
    NetworkDefinition definition,
    IReadOnlyDictionary<string, Tensor> weights,
    IReadOnlyDictionary<string, (float Min, float Max)> ranges)
{
    /// <summary>
    /// Largest quantized weight: seven bits. Processors without VNNI add two products of a byte and a signed byte in 16
    /// bits, which 2 * 255 * 127 would exceed; 2 * 255 * 64 does not.
    /// </summary>
    private const int WeightSteps = 64;

    private readonly Dictionary<string, Layer> _makers = definition.Layers.ToDictionary(l => l.Name);

    /// <summary>Quantizes a value that an integer operator computes or reads.</summary>
    /// <param name="name">Name of the layer that computes it, or of the input.</param>
    /// <returns>The value for the operators that read it.</returns>
    public OnnxValue Activation(string name, OnnxValue value)
    {
        if (!IsInteger(name)) return value;
        var (scale, zero) = Steps(name);
        OnnxValue[] steps =
        [
            graph.Constant($"{name}/scale", [scale]),
            graph.Constant($"{name}/zero", OnnxElementType.UInt8, [], new[] { zero }),
        ];
        var bytes = graph.Node("QuantizeLinear", $"{name}/QuantizeLinear", [value, .. steps]);
        return graph.Node("DequantizeLinear", $"{name}/DequantizeLinear", [bytes, .. steps]);
    }

    /// <summary>Quantizes a tensor of a convolution or linear layer.</summary>
    /// <returns>Null if the tensor is not quantized.</returns>
    public OnnxValue? Parameter(Layer layer, string name)
    {
        if (layer is not (ConvolutionLayer or LinearLayer)) return null;
        var (weightName, biasName) = (layer.Name + ".weight", layer.Name + ".bias");
        using var weightTensor = weights[weightName].contiguous();
        using var biasTensor = weights.TryGetValue(biasName, out var own) ? own.contiguous() : null;
        var weight = MemoryMarshal.Cast<byte, float>(weightTensor.bytes);
        var bias = biasTensor is null ? default : MemoryMarshal.Cast<byte, float>(biasTensor.bytes);
        var channels = (int)weightTensor.shape[0];
        var inputScale = Steps(layer.Inputs[0]).Scale;
        var scales = new float[channels];
        for (var c = 0; c < channels; c++)
        {
            scales[c] = WeightScale(
                weight.Slice(c * (weight.Length / channels), weight.Length / channels),
                bias.IsEmpty ? 0 : bias[c],
                inputScale);
        }
        return name == weightName
            ? Weight(name, weight, weightTensor.shape, scales)
            : Bias(name, bias, inputScale, scales);
    }

    private OnnxValue Weight(string name, ReadOnlySpan<float> weight, long[] shape, float[] scales)
    {
        var each = weight.Length / scales.Length;
        var integers = new sbyte[weight.Length];
        for (var i = 0; i < integers.Length; i++)
            integers[i] = (sbyte)Math.Clamp(MathF.Round(weight[i] / scales[i / each]), -WeightSteps, WeightSteps);
        return graph.Node(
            "DequantizeLinear",
            $"{name}/DequantizeLinear",
            [
                graph.Constant(name, OnnxElementType.Int8, shape, OnnxGraph.Bytes<sbyte>(integers)),
                graph.Constant($"{name}/scale", scales, scales.Length),
                graph.Constant($"{name}/zero", OnnxElementType.Int8, [scales.Length], new byte[scales.Length]),
            ],
            OnnxAttribute.Of("axis", 0));
    }

    private OnnxValue Bias(string name, ReadOnlySpan<float> bias, float inputScale, float[] scales)
    {
        var integers = new int[bias.Length];
        for (var c = 0; c < integers.Length; c++)
            integers[c] = (int)Math.Round(bias[c] / ((double)inputScale * scales[c]));
        return graph.Node(
            "DequantizeLinear",
            $"{name}/DequantizeLinear",
            [
                graph.Constant(name, OnnxElementType.Int32, [integers.Length], OnnxGraph.Bytes<int>(integers)),
                graph.Constant($"{name}/scale", Array.ConvertAll(scales, s => inputScale * s), scales.Length),
            ],
            OnnxAttribute.Of("axis", 0));
    }

    /// <summary>
    /// Scale of a channel's weights, from the largest weight. If the weights are very small, the scale is larger, so
    /// that the bias fits into 32 bits.
    /// </summary>
    private static float WeightScale(ReadOnlySpan<float> weight, float bias, float inputScale)
    {
        const float biasSteps = 1 << 30;
        var largest = 0f;
        foreach (var w in weight) largest = Math.Max(largest, Math.Abs(w));
        var scale = Math.Max(largest / WeightSteps, Math.Abs(bias) / (inputScale * biasSteps));
        return float.IsNormal(scale * inputScale) ? scale : 1;
    }

    /// <summary>Scale and zero point of an activation. 0 is exact, as padding requires.</summary>
    private (float Scale, byte Zero) Steps(string name)
    {
        // Layers that only select or pass on values keep the scale of their input, so that the runtime does not
        // requantize.
        while (_makers.GetValueOrDefault(name) is { } maker
            && (PassesOn(maker) || maker is MaxPoolLayer or FlattenLayer or SelectChannelsLayer))
        {
            name = maker.Inputs[0];
        }
        var (min, max) = ranges[name];
        var scale = (max - min) / byte.MaxValue;
        return float.IsNormal(scale) ? (scale, (byte)Math.Clamp(MathF.Round(-min / scale), 0, byte.MaxValue)) : (1, 0);
    }

    private bool IsInteger(string name)
    {
        var maker = _makers.GetValueOrDefault(name);
        if (PassesOn(maker) || name == definition.Layers[^1].Name) return false;
        var readers = Readers(name).ToArray();
        // Runtimes compute ReLU together with the layer before it, and round once, after ReLU.
        var computedTogether =
            maker is ConvolutionLayer or LinearLayer or AddLayer
            && readers is [ActivationLayer { Function: ActivationFunction.Relu or ActivationFunction.Relu6 }];
        return !computedTogether && (HasIntegerOperator(maker) || readers.Any(HasIntegerOperator));
    }

    private IEnumerable<Layer> Readers(string name) =>
        definition.Layers.Where(l => l.Inputs.Contains(name)).SelectMany(l => PassesOn(l) ? Readers(l.Name) : [l]);

    /// <summary>
    /// Whether a layer does nothing in prediction, or pads by a number so low that max-pools return none of it.
    /// </summary>
    private bool PassesOn(Layer? layer) =>
        layer is RandomZeroLayer
        || (layer is PixelPadLayer { Value: < 0 } pad
            && pad.Value <= ranges[pad.Inputs[0]].Min
            && Readers(pad.Name).All(reader => reader is MaxPoolLayer));

    private static bool HasIntegerOperator(Layer? layer) =>
        layer
            is ConvolutionLayer
                or LinearLayer
                or AddLayer
                or MaxPoolLayer
                or AveragePoolLayer
                or GlobalAveragePoolLayer
                or ConcatenateLayer;
}
