using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Onnx;

/// <summary>The nodes and constants of an ONNX graph, in the order they are added; names are made unique.</summary>
internal sealed class OnnxGraph
{
    private readonly List<ProtoMessage> _nodes = [], _constants = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Takes a name that must stay as it is, such as that of the input.</summary>
    public OnnxValue Reserve(string name) => _names.Add(name) ? new(name) : throw new ArgumentException($"The graph has a value '{name}' already.", nameof(name));

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="name">Wanted name of the node and of its output.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The output, taken to have the form of the first input.</returns>
    public OnnxValue Node(string operation, string name, ReadOnlySpan<OnnxValue> inputs, params ReadOnlySpan<ProtoMessage> attributes)
    {
        name = Unique(name);
        NodeTo(name, operation, inputs, attributes);
        return inputs[0] with { Name = name };
    }

    /// <summary>Adds a node whose output has a reserved name.</summary>
    public void NodeTo(string output, string operation, ReadOnlySpan<OnnxValue> inputs, params ReadOnlySpan<ProtoMessage> attributes)
    {
        const int input = 1, outputs = 2, nodeName = 3, type = 4, attribute = 5;
        var node = new ProtoMessage();
        foreach (var value in inputs) node.Text(input, value.Name);
        node.Text(outputs, output).Text(nodeName, output).Text(type, operation);
        foreach (var value in attributes) node.Message(attribute, value);
        _nodes.Add(node);
    }

    /// <summary>Adds a constant.</summary>
    /// <param name="name">Wanted name.</param>
    /// <param name="type">Type of its elements.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="bytes">Its elements, little endian, row-major; kept, not copied.</param>
    public OnnxValue Constant(string name, OnnxElementType type, IEnumerable<long> shape, ReadOnlyMemory<byte> bytes)
    {
        const int dims = 1, dataType = 2, tensorName = 8, rawData = 9;
        name = Unique(name);
        _constants.Add(new ProtoMessage().Integers(dims, shape).Integer(dataType, (long)type).Text(tensorName, name).Bytes(rawData, bytes));
        return new(name);
    }

    /// <summary>Adds float constants; those too small for full precision become 0, because processors compute with them slowly.</summary>
    public OnnxValue Constant(string name, ReadOnlySpan<float> values, params IEnumerable<long> shape)
    {
        var copy = values.ToArray();
        foreach (ref var value in copy.AsSpan())
            if (float.IsSubnormal(value)) value = 0;
        return Constant(name, OnnxElementType.Float32, shape, Bytes<float>(copy));
    }

    /// <summary>Adds whole numbers, such as a shape.</summary>
    public OnnxValue Constant(string name, params ReadOnlySpan<long> values) => Constant(name, OnnxElementType.Int64, [values.Length], Bytes(values));

    /// <summary>The bytes of values, copied.</summary>
    public static byte[] Bytes<T>(ReadOnlySpan<T> values) where T : unmanaged => MemoryMarshal.AsBytes(values).ToArray();

    /// <summary>The graph as a message.</summary>
    /// <param name="name">Name of the graph.</param>
    /// <param name="input">Description of the input.</param>
    /// <param name="results">Descriptions of the outputs.</param>
    public ProtoMessage ToMessage(string name, ProtoMessage input, IEnumerable<ProtoMessage> results)
    {
        const int nodes = 1, graphName = 2, constants = 5, inputs = 11, outputs = 12;
        return new ProtoMessage().Messages(nodes, _nodes).Text(graphName, name).Messages(constants, _constants).Message(inputs, input).Messages(outputs, results);
    }

    private string Unique(string name)
    {
        var unique = name;
        for (var n = 2; !_names.Add(unique); n++) unique = $"{name}_{n}";
        return unique;
    }
}
