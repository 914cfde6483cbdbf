using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Imports activations, as single nodes or fusions, and dropout.</summary>
internal static class ActivationImport
{
    public static IEnumerable<(string Operator, Func<OnnxImport, OnnxNode, ImportedValue[]> Import)> Operators =>
        [
            ("Relu", Function(ActivationFunction.Relu)),
            ("Sigmoid", Function(ActivationFunction.Sigmoid)),
            ("Tanh", Function(ActivationFunction.Tanh)),
            ("HardSwish", Function(ActivationFunction.HardSwish)),
            (Fusions.Silu, Function(ActivationFunction.Silu)),
            (Fusions.HardSigmoid, Function(ActivationFunction.HardSigmoid)),
            (Fusions.Gelu, Function(ActivationFunction.Gelu)),
            (Fusions.HardSwish, Function(ActivationFunction.HardSwish)),
            ("Gelu", (import, node) =>
                node.Text("approximate") is "" or "none"
                    ? Apply(import, node, ActivationFunction.Gelu)
                    : throw OnnxImport.Refuse(node, "the exact function was expected, not an approximation")),
            ("HardSigmoid", HardSigmoid), ("Clip", Clip), ("Dropout", Dropout),
        ];

    private static Func<OnnxImport, OnnxNode, ImportedValue[]> Function(ActivationFunction function) =>
        (import, node) => Apply(import, node, function);

    private static ImportedValue[] Apply(OnnxImport import, OnnxNode node, ActivationFunction function)
    {
        var found = import.Read(node, import.View(node, 0), 1, -1);
        return [found.Of(import.Add(new ActivationLayer(import.Name(node), [found.Source.Name], function)))];
    }

    private static ImportedValue[] HardSigmoid(OnnxImport import, OnnxNode node)
    {
        var (alpha, beta) = (node.Float("alpha", 0.2f), node.Float("beta", 0.5f));
        return Math.Abs(alpha - 1f / 6) < 1e-5 && beta == 0.5f
            ? Apply(import, node, ActivationFunction.HardSigmoid)
            : throw OnnxImport.Refuse(node, $"'alpha' 1/6 and 'beta' 0.5 were expected, not {alpha} and {beta}");
    }

    private static ImportedValue[] Clip(OnnxImport import, OnnxNode node)
    {
        var least = node.Has("min") ? node.Float("min", 0) : import.Optional(node, 1)?.Uniform() ?? float.MinValue;
        var most = node.Has("max") ? node.Float("max", 0) : import.Optional(node, 2)?.Uniform() ?? float.MaxValue;
        return (least, most) switch
        {
            (0, 6) => Apply(import, node, ActivationFunction.Relu6),
            (0, >= 1e30f) => Apply(import, node, ActivationFunction.Relu),
            _ => throw OnnxImport.Refuse(node, $"0 to 6, or from 0 on, was expected, not {least} to {most}"),
        };
    }

    private static ImportedValue[] Dropout(OnnxImport import, OnnxNode node)
    {
        var rate = node.Has("ratio") ? node.Float("ratio", 0.5f) : import.Optional(node, 1)?.Uniform() ?? 0.5f;
        if (rate is not (>= 0 and < 1))
            throw OnnxImport.Refuse(node, $"a ratio from 0 to below 1 was expected, not {rate}");
        var view = import.View(node, 0);
        // AttentionLayer has no dropout of scores; in prediction, dropout is the identity.
        if (rate == 0 || view.Source is AttentionScores) return [view.Times(1)];
        var found = import.Read(node, view, 1, -1);
        return [found.Of(import.Add(new DropoutLayer(import.Name(node), [found.Source.Name], rate)))];
    }
}
