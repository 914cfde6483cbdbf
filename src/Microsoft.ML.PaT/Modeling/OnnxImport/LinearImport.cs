using Microsoft.ML.PaT.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Imports Gemm and MatMul: products with a constant as a <see cref="LinearLayer"/>, products of two values as parts of
/// attention.
/// </summary>
internal static class LinearImport
{
    public static IEnumerable<(string Operator, Func<OnnxImport, OnnxNode, ImportedValue[]> Import)> Operators =>
        [
            ("Gemm", Gemm),
            ("MatMul", (import, node) => [Product(import, node, import.Value(node, 0), import.Value(node, 1))]),
        ];

    private static ImportedValue[] Gemm(OnnxImport import, OnnxNode node)
    {
        var (view, weight, bias) = (import.View(node, 0), import.Constant(node, 1), import.Optional(node, 2));
        if (node.Integer("transA", 0) != 0 || weight.Shape.Length != 2 || view.Shape.Length != 2)
            throw OnnxImport.Refuse(node, "a matrix of values, not transposed, times a constant matrix was expected");
        using var scope = NewDisposeScope();
        using Scalar alpha = node.Float("alpha", 1).ToScalar(), beta = node.Float("beta", 1).ToScalar();
        // [out,in], as in linear layers.
        var matrix = node.Integer("transB", 0) == 0 ? weight.Value.t() : weight.Value;
        if (node.Float("alpha", 1) != 1) matrix = matrix.mul(alpha);
        var shift = bias is null || node.Float("beta", 1) == 1 ? bias?.Value : bias.Value.mul(beta);
        if (shift is not null && shift.numel() != matrix.shape[0]) shift = shift.expand(1, matrix.shape[0]);
        return [Linear(import, node, view, -1, matrix, shift, weight.Name)];
    }

    /// <summary>Imports a matrix product; one operand may be constant.</summary>
    public static ImportedView Product(OnnxImport import, OnnxNode node, ImportedValue left, ImportedValue right)
    {
        using var scope = NewDisposeScope();
        return (left, right) switch
        {
            (ImportedView view, ImportedConstant { Shape.Length: 2 } weight) => Linear(
                import,
                node,
                view,
                -1,
                weight.Value.t(),
                null,
                weight.Name),
            (ImportedConstant { Shape.Length: 2 } weight, ImportedView view) => Linear(
                import,
                node,
                view,
                -2,
                weight.Value,
                null,
                weight.Name),
            (ImportedView one, ImportedView other) => AttentionImport.Product(import, node, one, other),
            _ => throw OnnxImport.Refuse(node, "a constant matrix, or the products of attention, were expected"),
        };
    }

    /// <summary>Adds a linear layer over one dimension of a value.</summary>
    /// <param name="weight">[out,in].</param>
    /// <param name="bias">[out]; null for none.</param>
    /// <param name="weightName">Name of the weight in the file; null for none.</param>
    private static ImportedView Linear(
        OnnxImport import, OnnxNode node, ImportedView view, int axis, Tensor weight, Tensor? bias, string? weightName)
    {
        var dimension = view.Shape.Length + axis;
        if (view.Shape.Length < 2 || weight.shape[1] != view.Shape[dimension])
        {
            throw OnnxImport.Refuse(
                node,
                $"[{string.Join(',', view.Shape)}] and a weight of [{string.Join(',', weight.shape)}] do not fit");
        }
        var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        var found = Arrangement.Of(view, dimension) is null && axis == -1 ? null : import.TryRead(node, view, axis);
        if (found is null && Flattened(import, node, view, weight) is { } flat) (found, weight) = flat;
        found ??= import.TryRead(node, view, axis)
            ?? throw OnnxImport.Refuse(
                node,
                $"its input [{string.Join(',', view.Shape)}] was expected to have the channels of one layer along "
                    + $"dimension {axis}, or all values of an image");
        var name = import.Name(node, weightName);
        var layer = new LinearLayer(name, [found.Source.Name], (int)inputs, (int)outputs);
        return found.Of(
            import.Add(layer, (name + ".weight", weight),
                (name + ".bias", bias?.reshape(outputs) ?? zeros(outputs, dtype: float32))));
    }

    /// <summary>
    /// If the value is a flattened image or part of it, in channel or pixel order, returns a flatten layer and the
    /// weight with its columns in that order.
    /// </summary>
    private static (Arrangement, Tensor)? Flattened(OnnxImport import, OnnxNode node, ImportedView view, Tensor weight)
    {
        if (view.Source is not LayerSource source || view.Shape.Length != 2 || view.Shape[0] != source.Images)
            return null;
        var (numbers, width) = (view.Numbers(), (int)view.Shape[1]);
        var first = numbers.AsSpan(0, width).ToArray();
        for (var i = width; i < numbers.Length; i++)
        {
            if (numbers[i] != first[i % width] + i / width * (source.Count / source.Images)) return null;
        }
        int[] pixels = [.. first.Select(source.Site).Distinct().Order()];
        if ((Columns(source, first, pixels, byChannel: true) ?? Columns(source, first, pixels, byChannel: false))
            is not { } order)
        {
            return null;
        }
        var (channels, columns) = order;
        int[] sites =
            [.. Enumerable.Range(0, source.Images).SelectMany(n => pixels.Select(p => p + n * source.Pixels))];
        var chosen = import
            .Selected(node, view, new(source, [source.Images, channels.Length, pixels.Length], 1, channels, sites))
            .Source;
        var flat = import.Shared($"flatten {chosen.Name}", () =>
            new FlattenLayer(import.Name(node, suffix: ".flatten"), [chosen.Name]));
        var found = new Arrangement(
            flat, view.Shape, 1, [.. Enumerable.Range(0, width)], [.. Enumerable.Range(0, source.Images)]);
        var isInOrder = columns.Select((c, i) => c == i).All(same => same);
        return (found, isInOrder ? weight : weight.index_select(1, tensor(columns)));
    }

    /// <summary>
    /// Returns the channels of a flattened image, and the index of each of its values in channel order.
    /// </summary>
    private static (int[] Channels, long[] Columns)? Columns(
        LayerSource source, long[] values, int[] pixels, bool byChannel)
    {
        if (values.Length % pixels.Length != 0) return null;
        var channels = new int[values.Length / pixels.Length];
        for (var c = 0; c < channels.Length; c++)
            channels[c] = source.Channel(values[byChannel ? c * pixels.Length : c]);
        var columns = new long[values.Length];
        Array.Fill(columns, -1);
        for (var i = 0; i < values.Length; i++)
        {
            var channel = byChannel ? i / pixels.Length : i % channels.Length;
            var at = channel * pixels.Length + Array.BinarySearch(pixels, source.Site(values[i]));
            if (channels[channel] != source.Channel(values[i]) || columns[at] != -1) return null;
            columns[at] = i;
        }
        return (channels, columns);
    }
}
