namespace Microsoft.ML.PaT.Onnx;

/// <summary>A node of an ONNX graph.</summary>
/// <param name="Name">Name of the node; that of its first output if the file gives none.</param>
/// <param name="Operator">Type of the operator, preceded by its domain unless that is the default one.</param>
/// <param name="Inputs">Names of the inputs; empty for optional inputs that are omitted.</param>
internal sealed record OnnxNode(
    string Name, string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    private readonly Dictionary<string, OnnxAttributeValue> _attributes = [];

    public static OnnxNode Read(ProtoReader reader, OnnxDataFiles files)
    {
        const int input = 1, output = 2, name = 3, opType = 4, attribute = 5, domain = 7;
        var (inputs, outputs, attributes) = (new List<string>(), new List<string>(), new List<OnnxAttributeValue>());
        var (text, operation, space) = ("", "", "");
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case input: inputs.Add(reader.Text()); break;
                case output: outputs.Add(reader.Text()); break;
                case name: text = reader.Text(); break;
                case opType: operation = reader.Text(); break;
                case attribute: attributes.Add(OnnxAttributeValue.Read(reader.Message(), files)); break;
                case domain: space = reader.Text(); break;
                default: reader.Skip(); break;
            }
        }
        if (operation.Length == 0 || outputs.Count == 0)
            throw new InvalidDataException($"node '{text}' has no operator or no output");
        var node = new OnnxNode(
            text.Length > 0 ? text : outputs[0],
            space is "" or "ai.onnx" ? operation : $"{space}.{operation}",
            inputs,
            outputs);
        foreach (var value in attributes) node._attributes[value.Name] = value;
        return node;
    }

    public string Output => Outputs[0];

    /// <summary>Empty if the input is omitted.</summary>
    public string Input(int index) => index < Inputs.Count ? Inputs[index] : "";

    public long Integer(string name, long otherwise) =>
        _attributes.TryGetValue(name, out var value) ? value.Integer : otherwise;

    public float Float(string name, float otherwise) =>
        _attributes.TryGetValue(name, out var value) ? value.Float : otherwise;

    /// <summary>Null if the attribute is absent.</summary>
    public long[]? Integers(string name) => _attributes.TryGetValue(name, out var value) ? value.Integers : null;

    /// <summary>Null if the attribute is absent.</summary>
    public float[]? Floats(string name) => _attributes.TryGetValue(name, out var value) ? value.Floats : null;

    /// <summary>Empty if the attribute is absent.</summary>
    public string Text(string name) => _attributes.TryGetValue(name, out var value) ? value.Text : "";

    /// <summary>Null if the attribute is absent.</summary>
    public OnnxTensor? Tensor(string name) => _attributes.TryGetValue(name, out var value) ? value.Tensor : null;

    public bool Has(string name) => _attributes.ContainsKey(name);

    /// <summary>Returns a copy with the attribute added.</summary>
    public OnnxNode With(string name, float value)
    {
        _attributes[name] = new(name) { Float = value };
        return this;
    }

    /// <summary>Returns a copy with the attribute added.</summary>
    public OnnxNode With(string name, long value)
    {
        _attributes[name] = new(name) { Integer = value };
        return this;
    }
}
