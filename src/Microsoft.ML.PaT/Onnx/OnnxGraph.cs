using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Onnx;

/// <summary>
/// Collects the nodes and constants of an ONNX graph in the order they are added and makes their names unique.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly List<ProtoMessage> _nodes = [], _constants = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Reserves a name that must not be changed, such as that of the input.</summary>
    public OnnxValue Reserve(string name) =>
        _names.Add(name)
            ? new(name)
            : throw new ArgumentException($"The graph has a value '{name}' already.", nameof(name));

    /// <summary>The name is that of the node and of its output; a number is appended if it is taken.</summary>
    /// <returns>The output. It has the same form, [N,C] or [N,C,H,W], as the first input.</returns>
    public OnnxValue Node(
        string operation, string name, ReadOnlySpan<OnnxValue> inputs, params ReadOnlySpan<ProtoMessage> attributes)
    {
        name = Unique(name);
        NodeTo(name, operation, inputs, attributes);
        return inputs[0] with { Name = name };
    }

    /// <summary>The name of the output must be reserved.</summary>
    public void NodeTo(
        string output, string operation, ReadOnlySpan<OnnxValue> inputs, params ReadOnlySpan<ProtoMessage> attributes)
    {
        const int input = 1, outputs = 2, nodeName = 3, type = 4, attribute = 5;
        var node = new ProtoMessage();
        foreach (var value in inputs) node.Text(input, value.Name);
        node.Text(outputs, output).Text(nodeName, output).Text(type, operation);
        foreach (var value in attributes) node.Message(attribute, value);
        _nodes.Add(node);
    }

    /// <summary>Elements are little-endian and row-major. The bytes are kept, not copied.</summary>
    public OnnxValue Constant(string name, OnnxElementType type, IEnumerable<long> shape, ReadOnlyMemory<byte> bytes)
    {
        const int dims = 1, dataType = 2, tensorName = 8, rawData = 9;
        name = Unique(name);
        _constants.Add(
            new ProtoMessage()
                .Integers(dims, shape)
                .Integer(dataType, (long)type)
                .Text(tensorName, name)
                .Bytes(rawData, bytes));
        return new(name);
    }

    /// <summary>Replaces subnormal values by 0, because processors compute slowly with them.</summary>
    public OnnxValue Constant(string name, ReadOnlySpan<float> values, params IEnumerable<long> shape)
    {
        var copy = values.ToArray();
        foreach (ref var value in copy.AsSpan())
            if (float.IsSubnormal(value)) value = 0;
        return Constant(name, OnnxElementType.Float32, shape, Bytes<float>(copy));
    }

    public OnnxValue Constant(string name, params ReadOnlySpan<long> values) =>
        Constant(name, OnnxElementType.Int64, [values.Length], Bytes(values));

    /// <summary>Returns a copy.</summary>
    public static byte[] Bytes<T>(ReadOnlySpan<T> values) where T : unmanaged =>
        MemoryMarshal.AsBytes(values).ToArray();

    public ProtoMessage ToMessage(string name, ProtoMessage input, IEnumerable<ProtoMessage> results)
    {
        const int nodes = 1, graphName = 2, constants = 5, inputs = 11, outputs = 12;
        return new ProtoMessage()
            .Messages(nodes, _nodes)
            .Text(graphName, name)
            .Messages(constants, _constants)
            .Message(inputs, input)
            .Messages(outputs, results);
    }

    private string Unique(string name)
    {
        var unique = name;
        for (var n = 2; !_names.Add(unique); n++) unique = $"{name}_{n}";
        return unique;
    }
}
