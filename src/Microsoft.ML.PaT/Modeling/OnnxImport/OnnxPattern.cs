using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Queries on the nodes of an ONNX graph: producers and readers of values, and constants.</summary>
internal sealed class OnnxPattern
{
    private readonly OnnxModel _model;
    private readonly Dictionary<string, OnnxNode> _makers = [];
    private readonly Dictionary<string, List<OnnxNode>> _readers = [];

    public OnnxPattern(OnnxModel model, IEnumerable<OnnxNode> nodes)
    {
        _model = model;
        foreach (var node in nodes)
        {
            foreach (var output in node.Outputs) _makers[output] = node;
            foreach (var input in node.Inputs.Distinct())
            {
                if (!_readers.TryGetValue(input, out var list)) _readers[input] = list = [];
                list.Add(node);
            }
        }
    }

    /// <summary>
    /// Returns the node that computes a value, if it has one of the operators. Skips casts and identities.
    /// </summary>
    public OnnxNode? Maker(string value, params ReadOnlySpan<string> operators)
    {
        while (_makers.TryGetValue(value, out var node))
        {
            if (operators.Contains(node.Operator)) return node;
            if (node.Operator is not ("Identity" or "Cast")) return null;
            value = node.Input(0);
        }
        return null;
    }

    /// <summary>Returns the only node that reads a value, if it has one of the operators.</summary>
    public OnnxNode? Reader(string value, params ReadOnlySpan<string> operators) =>
        _readers.TryGetValue(value, out var nodes) && nodes is [var only] && operators.Contains(only.Operator)
            ? only
            : null;

    public IReadOnlyList<OnnxNode> Readers(string value) => _readers.TryGetValue(value, out var nodes) ? nodes : [];

    public static string Other(OnnxNode node, string input) => node.Input(0) == input ? node.Input(1) : node.Input(0);

    /// <summary>Null if the value is computed.</summary>
    public OnnxTensor? Constant(string value)
    {
        while (true)
        {
            if (_model.Constants.TryGetValue(value, out var tensor)) return tensor;
            if (!_makers.TryGetValue(value, out var node)) return null;
            if (node.Operator == "Constant") return node.Tensor("value");
            if (node.Operator is not ("Identity" or "Cast")) return null;
            value = node.Input(0);
        }
    }

    /// <summary>Whether a value is approximately equal to a number.</summary>
    public bool Is(string value, double number) =>
        Number(value) is { } found && Math.Abs(found - number) <= 1e-4 * Math.Abs(number);

    /// <summary>Null if the value is computed or has several elements.</summary>
    public double? Number(string value)
    {
        if (Constant(value) is not { Count: 1 } tensor)
        {
            return _makers.TryGetValue(value, out var node) && node.Operator == "Constant" && node.Has("value_float")
                ? node.Float("value_float", 0)
                : null;
        }
        using var values = tensor.ToTensor();
        using var single = values.to(TorchSharp.torch.ScalarType.Float32);
        return MemoryMarshal.Cast<byte, float>(single.bytes)[0];
    }
}
