using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT.Onnx;

/// <summary>What a layer writes itself into an ONNX graph with: its inputs in the form it wants, its tensors, constants, nodes.</summary>
/// <param name="graph">The graph.</param>
/// <param name="layer">The layer.</param>
/// <param name="definition">The network it is in.</param>
/// <param name="inputs">The values of its inputs.</param>
/// <param name="parameter">Gives a tensor of the layer by its full name.</param>
internal sealed class OnnxLayer(OnnxGraph graph, Layer layer, NetworkDefinition definition, IReadOnlyList<OnnxValue> inputs, Func<string, OnnxValue> parameter)
{
    /// <summary>The first input, [N,C,H,W] or [N,C].</summary>
    public OnnxValue Input => inputs[0];

    /// <summary>The first input as [N,C,H,W].</summary>
    public OnnxValue Image => AsImage(inputs[0]);

    /// <summary>The first input as [N,C*H*W].</summary>
    public OnnxValue Vector => AsVector(inputs[0]);

    /// <summary>All inputs in one form: [N,C] where all are vectors, else [N,C,H,W].</summary>
    public OnnxValue[] Inputs => [.. inputs.All(i => i.IsVector) ? inputs : inputs.Select(AsImage)];

    /// <summary>Shape of the first input, [C,H,W].</summary>
    public ImageShape InputShape => definition.OutputShape(layer.Inputs[0]);

    /// <summary>Shape of the output, [C,H,W].</summary>
    public ImageShape OutputShape => definition.OutputShape(layer.Name);

    /// <summary>Adds a node.</summary>
    /// <returns>Its output, taken to have the form of the first input.</returns>
    public OnnxValue Node(string operation, ReadOnlySpan<OnnxValue> values, params ReadOnlySpan<ProtoMessage> attributes) =>
        graph.Node(operation, $"{layer.Name}/{operation}", values, attributes);

    /// <summary>A tensor of the layer.</summary>
    /// <param name="name">Its full name.</param>
    public OnnxValue Parameter(string name) => parameter(name);

    /// <summary>A float constant without a shape.</summary>
    public OnnxValue Scalar(float value) => graph.Constant($"{layer.Name}/scalar", [value]);

    /// <summary>Float constants.</summary>
    public OnnxValue Floats(float[] values, params long[] shape) => graph.Constant($"{layer.Name}/floats", values, shape);

    /// <summary>Whole numbers, such as a shape; 0 in a shape means the size that is there.</summary>
    public OnnxValue Integers(params long[] values) => graph.Constant($"{layer.Name}/integers", values.AsSpan());

    /// <summary>A value in another shape; 0 means the size that is there, -1 what is left over.</summary>
    public OnnxValue Reshaped(OnnxValue value, params long[] shape) => Node("Reshape", [value, Integers(shape)]) with { IsVector = false };

    /// <summary>A value with its dimensions in another order.</summary>
    public OnnxValue Transposed(OnnxValue value, params long[] order) => Node("Transpose", [value], OnnxAttribute.Of("perm", order)) with { IsVector = false };

    /// <summary>A part of a value: from an index to before another along a dimension.</summary>
    public OnnxValue Slice(OnnxValue value, long dimension, long start, long end) => Node("Slice", [value, Integers(start), Integers(end), Integers(dimension)]);

    private OnnxValue AsImage(OnnxValue value) => value.IsVector ? Node("Unsqueeze", [value, Integers(2, 3)]) with { IsVector = false } : value;

    private OnnxValue AsVector(OnnxValue value) => value.IsVector ? value : Node("Flatten", [value]) with { IsVector = true };
}
