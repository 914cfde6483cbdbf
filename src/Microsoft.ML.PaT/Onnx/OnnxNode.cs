using Microsoft.ML.PaT.Modeling.OnnxImport;

namespace Microsoft.ML.PaT.Onnx;

/// <summary>A node of an ONNX graph.</summary>
/// <param name="Name">Its name, or that of its first output where it has none.</param>
/// <param name="Operator">Its operator; with the domain before it where that is not ONNX's own.</param>
/// <param name="Inputs">Names of the values it reads; empty for optional ones that are left out.</param>
/// <param name="Outputs">Names of the values it makes.</param>
internal sealed record OnnxNode(string Name, string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    private readonly Dictionary<string, OnnxAttributeValue> _attributes = [];

    /// <summary>Reads a NodeProto.</summary>
    public static OnnxNode Read(ProtoReader reader)
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
                case attribute: attributes.Add(OnnxAttributeValue.Read(reader.Message())); break;
                case domain: space = reader.Text(); break;
                default: reader.Skip(); break;
            }
        }
        if (operation.Length == 0 || outputs.Count == 0) throw new InvalidDataException($"node '{text}' has no operator or no output");
        var node = new OnnxNode(text.Length > 0 ? text : outputs[0], space is "" or "ai.onnx" ? operation : $"{space}.{operation}", inputs, outputs);
        foreach (var value in attributes) node._attributes[value.Name] = value;
        return node;
    }

    /// <summary>The one output.</summary>
    public string Output => Outputs[0];

    /// <summary>The name of an input; empty where it is left out.</summary>
    public string Input(int index) => index < Inputs.Count ? Inputs[index] : "";

    /// <summary>An attribute that is a whole number.</summary>
    public long Integer(string name, long otherwise) => _attributes.TryGetValue(name, out var value) ? value.Integer : otherwise;

    /// <summary>An attribute that is a float.</summary>
    public float Float(string name, float otherwise) => _attributes.TryGetValue(name, out var value) ? value.Float : otherwise;

    /// <summary>An attribute that is a list of whole numbers; null where it is left out.</summary>
    public long[]? Integers(string name) => _attributes.TryGetValue(name, out var value) ? value.Integers : null;

    /// <summary>An attribute that is a list of floats; null where it is left out.</summary>
    public float[]? Floats(string name) => _attributes.TryGetValue(name, out var value) ? value.Floats : null;

    /// <summary>An attribute that is a text; empty where it is left out.</summary>
    public string Text(string name) => _attributes.TryGetValue(name, out var value) ? value.Text : "";

    /// <summary>An attribute that is a tensor; null where it is left out.</summary>
    public OnnxTensor? Tensor(string name) => _attributes.TryGetValue(name, out var value) ? value.Tensor : null;

    /// <summary>Whether there is such an attribute.</summary>
    public bool Has(string name) => _attributes.ContainsKey(name);

    /// <summary>This node, with one attribute more.</summary>
    public OnnxNode With(string name, float value)
    {
        _attributes[name] = new(name) { Float = value };
        return this;
    }

    /// <summary>This node, with one attribute more.</summary>
    public OnnxNode With(string name, long value)
    {
        _attributes[name] = new(name) { Integer = value };
        return this;
    }
}
