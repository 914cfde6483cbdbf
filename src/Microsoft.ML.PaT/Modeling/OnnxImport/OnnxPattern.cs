using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Queries on the nodes of an ONNX graph: producers and readers of values, and constants.</summary>
internal sealed class OnnxPattern
{
    private readonly OnnxModel _model;
    private readonly Dictionary<string, OnnxNode> _makers = [];
    private readonly Dictionary<string, List<OnnxNode>> _readers = [];

    public OnnxPattern(OnnxModel model)
    {
        _model = model;
        // Only nodes whose inputs precede them, so that the producers of a value have no cycle.
        HashSet<string> known = ["", .. model.Inputs.Select(i => i.Name), .. model.Constants.Keys];
        foreach (var node in model.Nodes)
        {
            var isSorted = node.Inputs.All(known.Contains);
            foreach (var output in node.Outputs)
                if (isSorted && known.Add(output)) _makers[output] = node;
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

    /// <summary>Returns the value before casts and identities.</summary>
    public string Origin(string value)
    {
        while (_makers.TryGetValue(value, out var node) && node.Operator is "Identity" or "Cast")
            value = node.Input(0);
        return value;
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

    /// <summary>Null if the value is computed or does not consist of integers.</summary>
    public long[]? Integers(string value)
    {
        using var values = Constant(value)?.ToTensor();
        return values?.dtype == TorchSharp.torch.ScalarType.Int64 ? values.data<long>().ToArray() : null;
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
