using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Names imported layers after PyTorch's modules if the file has their names.</summary>
internal static class LayerNames
{
    private static readonly string[] s_tensors =
        [".weight", ".bias", "_weight", "/kernel", "/weight", "/ReadVariableOp:0", ":0"];

    /// <summary>Returns a valid name, which may not be unique.</summary>
    /// <param name="weight">Name of the node's weight in the file; null for none.</param>
    public static string Of(OnnxNode node, string? weight)
    {
        // PyTorch names computed tensors "onnx::Conv_538" and values "/layer1/layer1.0/conv1/Conv_output_0".
        if (weight is not null && !weight.StartsWith("onnx::", StringComparison.Ordinal) && !weight.StartsWith('/'))
            return Valid(OfWeight(weight));
        var scopes = node.Name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var module =
            weight is not null || scopes.Length < 2 ? scopes.AsSpan(0, Math.Max(1, scopes.Length - 1)) : scopes;
        var path = new List<string>();
        foreach (var scope in module)
        {
            // The name of a module in a list is repeated: layer1/layer1.0.
            if (path.Count > 0 && scope.StartsWith(path[^1] + ".", StringComparison.Ordinal)) path[^1] = scope;
            else path.Add(scope);
        }
        return Valid(string.Join('.', path));
    }

    private static string OfWeight(string weight)
    {
        var end = Array.Find(s_tensors, t => weight.Length > t.Length && weight.EndsWith(t, StringComparison.Ordinal));
        return end is null ? weight : weight[..^end.Length];
    }

    private static string Valid(string name)
    {
        var text =
            string.Concat(name.Trim('/').Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_'));
        return text.Length == 0 ? "layer" : text;
    }
}
