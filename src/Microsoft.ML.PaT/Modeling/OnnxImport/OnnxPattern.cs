using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Looks around in the nodes of an ONNX graph: what makes a value, what reads it, which number it is.</summary>
internal sealed class OnnxPattern
{
    private readonly OnnxModel _model;
    private readonly Dictionary<string, OnnxNode> _makers = [];
    private readonly Dictionary<string, List<OnnxNode>> _readers = [];

    /// <summary>Prepares to look at nodes.</summary>
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

    /// <summary>The node that makes a value, if it has one of these operators; casts and identities between them are passed over.</summary>
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

    /// <summary>The one node that reads a value, if it has one of these operators.</summary>
    public OnnxNode? Reader(string value, params ReadOnlySpan<string> operators) =>
        _readers.TryGetValue(value, out var nodes) && nodes is [var only] && operators.Contains(only.Operator) ? only : null;

    /// <summary>All nodes that read a value.</summary>
    public IReadOnlyList<OnnxNode> Readers(string value) => _readers.TryGetValue(value, out var nodes) ? nodes : [];

    /// <summary>The other of two inputs.</summary>
    public static string Other(OnnxNode node, string input) => node.Input(0) == input ? node.Input(1) : node.Input(0);

    /// <summary>The constant tensor that a value is; null where it is computed.</summary>
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

    /// <summary>Whether a value is about a number.</summary>
    public bool Is(string value, double number) => Number(value) is { } found && Math.Abs(found - number) <= 1e-4 * Math.Abs(number);

    /// <summary>The number that a value is; null where it is computed or has several elements.</summary>
    public double? Number(string value)
    {
        if (Constant(value) is not { Count: 1 } tensor)
            return _makers.TryGetValue(value, out var node) && node.Operator == "Constant" && node.Has("value_float") ? node.Float("value_float", 0) : null;
        using var values = tensor.ToTensor();
        using var single = values.to(TorchSharp.torch.ScalarType.Float32);
        return MemoryMarshal.Cast<byte, float>(single.bytes)[0];
    }
}
