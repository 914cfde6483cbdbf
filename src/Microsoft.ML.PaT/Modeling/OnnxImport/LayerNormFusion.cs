using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Recognizes layer normalization, (x - mean) / sqrt(variance + epsilon), with or without a scale and a shift.
/// </summary>
internal static class LayerNormFusion
{
    /// <summary>Without scale and shift. The node is the quotient.</summary>
    public static OnnxNode? Plain(OnnxPattern pattern, OnnxNode node)
    {
        if (pattern.Maker(node.Input(0), "Sub") is not { } centered
            || pattern.Maker(node.Input(1), "Sqrt") is not { } root)
        {
            return null;
        }
        if (pattern.Maker(root.Input(0), "Add") is not { } sum) return null;
        var variance = pattern.Maker(sum.Input(0), "ReduceMean") ?? pattern.Maker(sum.Input(1), "ReduceMean");
        var epsilon = pattern.Number(sum.Input(1)) ?? pattern.Number(sum.Input(0));
        if (variance is null || epsilon is null || Mean(pattern, centered) is not { } mean) return null;
        var square = pattern.Maker(variance.Input(0), "Pow", "Mul");
        if (square is null || !IsCentered(pattern, square.Input(0), centered)) return null;
        if (square.Operator == "Pow" ? !pattern.Is(square.Input(1), 2) : square.Input(0) != square.Input(1))
            return null;
        if (Axis(pattern, mean) is not { } axis || Axis(pattern, variance) != axis) return null;
        return Fusions.In(node, Fusions.LayerNorm, centered.Input(0))
            .With("epsilon", (float)epsilon)
            .With("axis", axis);
    }

    /// <summary>With a scale. The node is the product.</summary>
    public static OnnxNode? Scaled(OnnxPattern pattern, OnnxNode node)
    {
        foreach (var input in node.Inputs)
        {
            if (pattern.Maker(input, "Div") is { } quotient && pattern.Reader(input, "Mul") is not null
                && Plain(pattern, quotient) is { } plain && IsOfChannels(pattern, OnnxPattern.Other(node, input)))
            {
                return Same(plain, Fusions.In(node, Fusions.LayerNorm, plain.Input(0), OnnxPattern.Other(node, input)));
            }
        }
        return null;
    }

    /// <summary>With a scale and a shift. The node is the sum.</summary>
    public static OnnxNode? Shifted(OnnxPattern pattern, OnnxNode node)
    {
        foreach (var input in node.Inputs)
        {
            if (pattern.Maker(input, "Mul") is { } product && pattern.Reader(input, "Add") is not null
                && Scaled(pattern, product) is { } scaled && IsOfChannels(pattern, OnnxPattern.Other(node, input)))
            {
                return Same(
                    scaled,
                    Fusions.In(
                        node, Fusions.LayerNorm, scaled.Input(0), scaled.Input(1), OnnxPattern.Other(node, input)));
            }
        }
        return null;
    }

    private static OnnxNode Same(OnnxNode from, OnnxNode node) =>
        node.With("epsilon", from.Float("epsilon", 0)).With("axis", from.Integer("axis", -1));

    private static bool IsOfChannels(OnnxPattern pattern, string value) =>
        pattern.Constant(value) is { } constant && constant.Count == constant.Shape.Append(1).Max();

    private static OnnxNode? Mean(OnnxPattern pattern, OnnxNode difference) =>
        pattern.Maker(difference.Input(1), "ReduceMean") is { } mean && mean.Input(0) == difference.Input(0)
            ? mean
            : null;

    private static bool IsCentered(OnnxPattern pattern, string value, OnnxNode centered) =>
        pattern.Maker(value, "Sub") is { } difference
        && difference.Input(0) == centered.Input(0)
        && Mean(pattern, difference) is not null;

    /// <summary>The single dimension of a mean; null otherwise.</summary>
    private static long? Axis(OnnxPattern pattern, OnnxNode mean)
    {
        var axes = mean.Integers("axes") ?? pattern.Integers(mean.Input(1));
        return axes is [var axis] && mean.Integer("keepdims", 1) == 1 ? axis : null;
    }
}
