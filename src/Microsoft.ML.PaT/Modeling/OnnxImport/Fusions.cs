using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Recognizes functions that files express as several nodes, and replaces the last of these nodes by one with a private
/// operator name.
/// </summary>
internal static class Fusions
{
    // No operator of a file has a space.
    public const string Silu = "SiLU pattern",
        HardSigmoid = "HardSigmoid pattern",
        HardSwish = "HardSwish pattern",
        Gelu = "GELU pattern",
        LayerNorm = "LayerNormalization pattern",
        GridMeans = "adaptive pooling pattern",
        ClassToken = "class token pattern";

    /// <summary>Returns the nodes with fusions. The other nodes of a fusion remain, but nothing reads them.</summary>
    public static List<OnnxNode> Of(OnnxModel model)
    {
        var pattern = new OnnxPattern(model);
        return model.Nodes.ConvertAll(node =>
            node.Operator switch
            {
                "Mul" => HardSwishOf(pattern, node)
                    ?? HardSwishOverSix(pattern, node)
                    ?? SiluOf(pattern, node)
                    ?? GeluFusion.Of(pattern, node)
                    ?? LayerNormFusion.Scaled(pattern, node)
                    ?? node,
                "Div" => HardSigmoidOf(pattern, node)
                    ?? HardSwishOverSix(pattern, node)
                    ?? LayerNormFusion.Plain(pattern, node)
                    ?? node,
                "Add" => LayerNormFusion.Shifted(pattern, node) ?? ClassTokenOf(pattern, node) ?? node,
                "MatMul" => GridMeansOf(pattern, node) ?? node,
                _ => node,
            });
    }

    /// <summary>Creates a node that replaces another.</summary>
    public static OnnxNode In(OnnxNode node, string operation, params IReadOnlyList<string> inputs) =>
        new(node.Name, operation, inputs, node.Outputs);

    /// <summary>x * Sigmoid(x).</summary>
    private static OnnxNode? SiluOf(OnnxPattern pattern, OnnxNode node)
    {
        foreach (var x in node.Inputs)
        {
            if (pattern.Maker(OnnxPattern.Other(node, x), "Sigmoid") is { } sigmoid && sigmoid.Input(0) == x)
                return In(node, Silu, x);
        }
        return null;
    }

    /// <summary>x * HardSigmoid(x); HardSigmoid may be one node or Clip(x + 3, 0, 6) / 6.</summary>
    private static OnnxNode? HardSwishOf(OnnxPattern pattern, OnnxNode node)
    {
        foreach (var x in node.Inputs)
        {
            var factor = OnnxPattern.Other(node, x);
            var isHardSigmoid = pattern.Maker(factor, "HardSigmoid") is { } one
                ? one.Input(0) == x
                    && Math.Abs(one.Float("alpha", 0.2f) - 1f / 6) < 1e-5
                    && one.Float("beta", 0.5f) == 0.5f
                : pattern.Maker(factor, "Div", "Mul") is { } sixth && (HardSigmoidOf(pattern, sixth)?.Input(0) == x);
            if (isHardSigmoid) return In(node, HardSwish, x);
        }
        return HardSigmoidOf(pattern, node);
    }

    /// <summary>Clip(x + 3, 0, 6) / 6, or times 1/6.</summary>
    private static OnnxNode? HardSigmoidOf(OnnxPattern pattern, OnnxNode node)
    {
        var clip = pattern.Maker(node.Input(0), "Clip")
            ?? (node.Operator == "Mul" ? pattern.Maker(node.Input(1), "Clip") : null);
        if (clip is null || ClippedPlusThree(pattern, clip) is not { } x) return null;
        var number =
            node.Operator == "Div" ? node.Input(1)
            : pattern.Maker(node.Input(0), "Clip") is null ? node.Input(0)
            : node.Input(1);
        return pattern.Is(number, node.Operator == "Div" ? 6 : 1.0 / 6) ? In(node, HardSigmoid, x) : null;
    }

    /// <summary>x * Clip(x + 3, 0, 6) / 6, or times 1/6.</summary>
    private static OnnxNode? HardSwishOverSix(OnnxPattern pattern, OnnxNode node)
    {
        if (!pattern.Is(node.Input(1), node.Operator == "Div" ? 6 : 1.0 / 6)
            || pattern.Maker(node.Input(0), "Mul") is not { } product)
        {
            return null;
        }
        foreach (var x in product.Inputs)
        {
            if (pattern.Maker(OnnxPattern.Other(product, x), "Clip") is { } clip
                && ClippedPlusThree(pattern, clip) == x)
            {
                return In(node, HardSwish, x);
            }
        }
        return null;
    }

    private static string? ClippedPlusThree(OnnxPattern pattern, OnnxNode clip)
    {
        var (least, most) = (
            clip.Has("min") ? clip.Float("min", 0) : pattern.Number(clip.Input(1)),
            clip.Has("max") ? clip.Float("max", 0) : pattern.Number(clip.Input(2)));
        if (least != 0 || most != 6 || pattern.Maker(clip.Input(0), "Add") is not { } sum) return null;
        return pattern.Is(sum.Input(1), 3) ? sum.Input(0) : pattern.Is(sum.Input(0), 3) ? sum.Input(1) : null;
    }

    /// <summary>
    /// Products with a constant matrix over rows and one over columns: adaptive average pooling to an uneven grid, as
    /// this library exports it.
    /// </summary>
    private static OnnxNode? GridMeansOf(OnnxPattern pattern, OnnxNode node) =>
        pattern.Constant(node.Input(1)) is { Shape.Length: 2 }
        && pattern.Maker(node.Input(0), "MatMul") is { } rows
        && pattern.Constant(rows.Input(0)) is { Shape.Length: 2 }
            ? In(node, GridMeans, rows.Input(0), rows.Input(1), node.Input(1))
            : null;

    /// <summary>
    /// Tokens [N,C,1,L] padded with a leading zero, plus a token padded with trailing zeros: a class token, as this
    /// library exports it.
    /// </summary>
    private static OnnxNode? ClassTokenOf(OnnxPattern pattern, OnnxNode node)
    {
        if (pattern.Maker(node.Input(0), "Pad") is not { } row || pattern.Maker(node.Input(1), "Pad") is not { } token)
            return null;
        return pattern.Integers(row.Input(1)) is [0, 0, 0, 1, 0, 0, 0, 0]
            && pattern.Integers(token.Input(1)) is [0, 0, 0, 0, 0, 0, 0, > 0]
                ? In(node, ClassToken, row.Input(0), token.Input(0))
                : null;
    }
}
