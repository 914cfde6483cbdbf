using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Recognizes GELU, x * (1 + Erf(x / sqrt(2))) / 2, with the factor 1/2 in any position.</summary>
internal static class GeluFusion
{
    /// <summary>The node is the last product of the function.</summary>
    public static OnnxNode? Of(OnnxPattern pattern, OnnxNode node)
    {
        // The function is a product of three factors: x, 1/2 and 1 + Erf.
        var factors = new List<string>();
        foreach (var input in node.Inputs)
        {
            if (pattern.Maker(input, "Mul") is { } inner) factors.AddRange(inner.Inputs);
            else factors.Add(input);
        }
        if (factors.Count != 3) return null;
        var half = factors.FindIndex(f => pattern.Is(f, 0.5));
        var error = factors.FindIndex(f => pattern.Maker(f, "Add") is { } sum && ErrorOf(pattern, sum) is not null);
        if (half < 0 || error < 0) return null;
        var x = ErrorOf(pattern, pattern.Maker(factors[error], "Add")!);
        return factors[3 - half - error] == x ? Fusions.In(node, Fusions.Gelu, x!) : null;
    }

    /// <summary>Returns x of 1 + Erf(x / sqrt(2)).</summary>
    private static string? ErrorOf(OnnxPattern pattern, OnnxNode sum)
    {
        var error = pattern.Maker(sum.Input(0), "Erf") ?? pattern.Maker(sum.Input(1), "Erf");
        if (error is null || !pattern.Is(sum.Input(0), 1) && !pattern.Is(sum.Input(1), 1)) return null;
        if (pattern.Maker(error.Input(0), "Div") is { } quotient)
            return pattern.Is(quotient.Input(1), Math.Sqrt(2)) ? quotient.Input(0) : null;
        if (pattern.Maker(error.Input(0), "Mul") is not { } product) return null;
        return pattern.Is(product.Input(1), Math.Sqrt(0.5)) ? product.Input(0)
            : pattern.Is(product.Input(0), Math.Sqrt(0.5)) ? product.Input(1)
            : null;
    }
}
