
namespace Microsoft.ML.PaT.Onnx;

/// <summary>The part of an ONNX graph that one layer writes: its inputs in either form, its tensors, constants and nodes.</summary>
/// <param name="graph">The graph.</param>
/// <param name="name">Name of the layer.</param>
/// <param name="shapes">Shapes of its first input and of its output, [C,H,W].</param>
/// <param name="inputs">The values of its inputs.</param>
/// <param name="parameter">Gives a tensor of the layer by its full name.</param>
internal sealed class OnnxLayer(
    OnnxGraph graph, string name, (ImageShape Input, ImageShape Output) shapes, IReadOnlyList<OnnxValue> inputs, Func<string, OnnxValue> parameter)
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
    public ImageShape InputShape => shapes.Input;

    /// <summary>Shape of the output, [C,H,W].</summary>
    public ImageShape OutputShape => shapes.Output;

    /// <summary>Adds a node.</summary>
    /// <returns>Its output, taken to have the form of the first input.</returns>
    public OnnxValue Node(string operation, ReadOnlySpan<OnnxValue> values, params ReadOnlySpan<ProtoMessage> attributes) =>
        graph.Node(operation, $"{name}/{operation}", values, attributes);

    /// <summary>A tensor of the layer.</summary>
    /// <param name="fullName">Its full name.</param>
    public OnnxValue Parameter(string fullName) => parameter(fullName);

    /// <summary>A float constant without a shape.</summary>
    public OnnxValue Scalar(float value) => graph.Constant($"{name}/scalar", [value]);

    /// <summary>Float constants.</summary>
    public OnnxValue Floats(float[] values, params long[] shape) => graph.Constant($"{name}/floats", values, shape);

    /// <summary>Whole numbers, such as a shape; 0 in a shape means the size that is there.</summary>
    public OnnxValue Integers(params long[] values) => graph.Constant($"{name}/integers", values.AsSpan());

    /// <summary>A value in another shape; 0 means the size that is there, -1 what is left over.</summary>
    public OnnxValue Reshaped(OnnxValue value, params long[] shape) => Node("Reshape", [value, Integers(shape)]) with { IsVector = false };

    /// <summary>A value with its dimensions in another order.</summary>
    public OnnxValue Transposed(OnnxValue value, params long[] order) => Node("Transpose", [value], OnnxAttribute.Of("perm", order)) with { IsVector = false };

    /// <summary>A part of a value: from an index to before another along a dimension.</summary>
    public OnnxValue Slice(OnnxValue value, long dimension, long start, long end) => Node("Slice", [value, Integers(start), Integers(end), Integers(dimension)]);

    private OnnxValue AsImage(OnnxValue value) => value.IsVector ? Node("Unsqueeze", [value, Integers(2, 3)]) with { IsVector = false } : value;

    private OnnxValue AsVector(OnnxValue value) => value.IsVector ? value : Node("Flatten", [value]) with { IsVector = true };
}
