using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Serving;

/// <summary>
/// Puts 8-bit integers into an ONNX graph as pairs of QuantizeLinear and DequantizeLinear, which runtimes turn into integer operators:
/// activations in bytes with a scale and a zero point each, weights in signed bytes with a scale a channel, biases in 32 bits.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="definition">The network, batch-norms folded.</param>
/// <param name="weights">Its tensors.</param>
/// <param name="ranges">Least and largest value of each layer's output.</param>
internal sealed class OnnxQuantizer(OnnxGraph graph, NetworkDefinition definition, IReadOnlyDictionary<string, Tensor> weights, IReadOnlyDictionary<string, (float Min, float Max)> ranges)
{
    /// <summary>
    /// The largest weight, in steps: seven bits. Processors without VNNI add two products of a byte and a signed byte in 16 bits, and
    /// 2 * 255 * 127 is more than those hold; 2 * 255 * 64 is not.
    /// </summary>
    private const int WeightSteps = 64;

    private readonly Dictionary<string, Layer> _makers = definition.Layers.ToDictionary(l => l.Name);

    /// <summary>Makes bytes of a value where integer operators make or read it.</summary>
    /// <param name="name">Name of the layer that made it, or of the input.</param>
    /// <param name="value">The value.</param>
    /// <returns>The value as its readers should take it.</returns>
    public OnnxValue Activation(string name, OnnxValue value)
    {
        if (!IsInteger(name)) return value;
        var (scale, zero) = Steps(name);
        OnnxValue[] steps = [graph.Constant($"{name}/scale", [scale]), graph.Constant($"{name}/zero", OnnxElementType.UInt8, [], new[] { zero })];
        var bytes = graph.Node("QuantizeLinear", $"{name}/QuantizeLinear", [value, .. steps]);
        return graph.Node("DequantizeLinear", $"{name}/DequantizeLinear", [bytes, .. steps]);
    }

    /// <summary>A tensor of a convolution or linear layer as integers.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="name">Full name of the tensor.</param>
    /// <returns>Null where it stays as it is.</returns>
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
        for (var c = 0; c < channels; c++) scales[c] = WeightScale(weight.Slice(c * (weight.Length / channels), weight.Length / channels), bias.IsEmpty ? 0 : bias[c], inputScale);
        return name == weightName ? Weight(name, weight, weightTensor.shape, scales) : Bias(name, bias, inputScale, scales);
    }

    private OnnxValue Weight(string name, ReadOnlySpan<float> weight, long[] shape, float[] scales)
    {
        var each = weight.Length / scales.Length;
        var integers = new sbyte[weight.Length];
        for (var i = 0; i < integers.Length; i++) integers[i] = (sbyte)Math.Clamp(MathF.Round(weight[i] / scales[i / each]), -WeightSteps, WeightSteps);
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
        for (var c = 0; c < integers.Length; c++) integers[c] = (int)Math.Round(bias[c] / ((double)inputScale * scales[c]));
        return graph.Node(
            "DequantizeLinear",
            $"{name}/DequantizeLinear",
            [graph.Constant(name, OnnxElementType.Int32, [integers.Length], OnnxGraph.Bytes<int>(integers)), graph.Constant($"{name}/scale", Array.ConvertAll(scales, s => inputScale * s), scales.Length)],
            OnnxAttribute.Of("axis", 0));
    }

    /// <summary>The step of a channel's weights: its largest weight is as many as there are. Where weights are next to nothing, the bias has to fit into 32 bits of the same step.</summary>
    private static float WeightScale(ReadOnlySpan<float> weight, float bias, float inputScale)
    {
        const float biasSteps = 1 << 30;
        var largest = 0f;
        foreach (var w in weight) largest = Math.Max(largest, Math.Abs(w));
        var scale = Math.Max(largest / WeightSteps, Math.Abs(bias) / (inputScale * biasSteps));
        return float.IsNormal(scale * inputScale) ? scale : 1;
    }

    /// <summary>Step and zero point of an activation, so that 0 is exact: padding is.</summary>
    private (float Scale, byte Zero) Steps(string name)
    {
        // What only picks or passes values keeps the steps of its input: the runtime then leaves the bytes alone.
        while (_makers.GetValueOrDefault(name) is MaxPoolLayer or DropoutLayer or StochasticDepthLayer or FlattenLayer or SelectChannelsLayer) name = _makers[name].Inputs[0];
        var (min, max) = ranges[name];
        var scale = (max - min) / byte.MaxValue;
        return float.IsNormal(scale) ? (scale, (byte)Math.Clamp(MathF.Round(-min / scale), 0, byte.MaxValue)) : (1, 0);
    }

    private bool IsInteger(string name)
    {
        var maker = _makers.GetValueOrDefault(name);
        if (PassesOn(maker) || name == definition.Layers[^1].Name) return false;
        var readers = Readers(name).ToArray();
        // Runtimes compute ReLU together with what is before it, and round once, after it.
        var computedTogether = maker is ConvolutionLayer or LinearLayer or AddLayer && readers is [ActivationLayer { Function: ActivationFunction.Relu or ActivationFunction.Relu6 }];
        return !computedTogether && (HasIntegerOperator(maker) || readers.Any(HasIntegerOperator));
    }

    private IEnumerable<Layer> Readers(string name) => definition.Layers.Where(l => l.Inputs.Contains(name)).SelectMany(l => PassesOn(l) ? Readers(l.Name) : [l]);

    /// <summary>Whether nothing is left of a layer in prediction.</summary>
    private static bool PassesOn(Layer? layer) => layer is DropoutLayer or StochasticDepthLayer;

    private static bool HasIntegerOperator(Layer? layer) => layer is ConvolutionLayer or LinearLayer or AddLayer or MaxPoolLayer or AveragePoolLayer or GlobalAveragePoolLayer or ConcatenateLayer;
}
