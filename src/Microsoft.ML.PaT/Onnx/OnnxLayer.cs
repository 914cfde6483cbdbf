namespace Microsoft.ML.PaT.Onnx;

/// <summary>
/// Writes the nodes and constants of one layer. Converts inputs between the forms [N,C] and [N,C,H,W]. The parameters
/// are the shapes of the first input and of the output, [C,H,W], and a function from full names to the layer's tensors.
/// </summary>
internal sealed class OnnxLayer(
    OnnxGraph graph,
    string name,
    (ImageShape Input, ImageShape Output) shapes,
    IReadOnlyList<OnnxValue> inputs,
    Func<string, OnnxValue> parameter)
{
    /// <summary>The first input, [N,C,H,W] or [N,C].</summary>
    public OnnxValue Input => inputs[0];

    /// <summary>The first input as [N,C,H,W].</summary>
    public OnnxValue Image => AsImage(inputs[0]);

    /// <summary>The first input as [N,C*H*W].</summary>
    public OnnxValue Vector => AsVector(inputs[0]);

    /// <summary>All inputs in the same form: [N,C] if all are vectors, otherwise [N,C,H,W].</summary>
    public OnnxValue[] Inputs => [.. inputs.All(i => i.IsVector) ? inputs : inputs.Select(AsImage)];

    /// <summary>Shape of the first input, [C,H,W].</summary>
    public ImageShape InputShape => shapes.Input;

    /// <summary>Shape of the output, [C,H,W].</summary>
    public ImageShape OutputShape => shapes.Output;

    /// <returns>The output. It has the same form, [N,C] or [N,C,H,W], as the first input.</returns>
    public OnnxValue Node(
        string operation, ReadOnlySpan<OnnxValue> values, params ReadOnlySpan<ProtoMessage> attributes) =>
        graph.Node(operation, $"{name}/{operation}", values, attributes);

    public OnnxValue Parameter(string fullName) => parameter(fullName);

    public OnnxValue Scalar(float value) => graph.Constant($"{name}/scalar", [value]);

    public OnnxValue Floats(float[] values, params long[] shape) => graph.Constant($"{name}/floats", values, shape);

    /// <summary>In a shape, 0 keeps the size of the input.</summary>
    public OnnxValue Integers(params long[] values) => graph.Constant($"{name}/integers", values.AsSpan());

    /// <summary>In the shape, 0 keeps the size of the input and -1 is inferred.</summary>
    public OnnxValue Reshaped(OnnxValue value, params long[] shape) =>
        Node("Reshape", [value, Integers(shape)]) with { IsVector = false };

    public OnnxValue Transposed(OnnxValue value, params long[] order) =>
        Node("Transpose", [value], OnnxAttribute.Of("perm", order)) with { IsVector = false };

    /// <summary>The end is exclusive.</summary>
    public OnnxValue Slice(OnnxValue value, long dimension, long start, long end) =>
        Node("Slice", [value, Integers(start), Integers(end), Integers(dimension)]);

    private OnnxValue AsImage(OnnxValue value) =>
        value.IsVector ? Node("Unsqueeze", [value, Integers(2, 3)]) with { IsVector = false } : value;

    private OnnxValue AsVector(OnnxValue value) =>
        value.IsVector ? value : Node("Flatten", [value]) with { IsVector = true };
}
