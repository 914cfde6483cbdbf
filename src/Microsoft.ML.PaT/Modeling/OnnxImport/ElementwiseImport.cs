using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Imports Add, Sub, Mul and Div of two values, or of a value and a constant.</summary>
internal static class ElementwiseImport
{
    public static IEnumerable<(string Operator, Func<OnnxImport, OnnxNode, ImportedValue[]> Import)> Operators =>
    [
        ("Add", Add),
        ("Sum", Add),
        ("Sub", Subtract),
        ("Mul", Multiply),
        ("Div", Divide),
    ];

    private static ImportedValue[] Add(OnnxImport import, OnnxNode node)
    {
        if (node.Inputs.Count != 2) throw OnnxImport.Refuse(node, "two inputs were expected");
        return (import.Value(node, 0), import.Value(node, 1)) switch
        {
            (ImportedView view, ImportedConstant constant) => [AffineImport.Add(import, node, 0, view, constant, 1)],
            (ImportedConstant constant, ImportedView view) => [AffineImport.Add(import, node, 1, view, constant, 1)],
            (ImportedView one, ImportedView other) => [Sum(import, node, one, other)],
            _ => throw OnnxImport.Refuse(node, "a value that depends on the images was expected"),
        };
    }

    private static ImportedValue[] Subtract(OnnxImport import, OnnxNode node)
    {
        if (import.Value(node, 1) is ImportedConstant constant)
            return [AffineImport.Add(import, node, 0, import.View(node, 0), constant, -1)];
        var negative = import.View(node, 1).Times(-1);
        return import.Value(node, 0) is ImportedConstant from
            ? [AffineImport.Add(import, node, 1, negative, from, 1)]
            : [Sum(import, node, import.View(node, 0), negative)];
    }

    private static ImportedValue[] Multiply(OnnxImport import, OnnxNode node) =>
        (import.Value(node, 0), import.Value(node, 1)) switch
        {
            (ImportedView view, ImportedConstant constant) =>
            [
                AffineImport.Multiply(import, node, 0, view, constant, isDivisor: false),
            ],
            (ImportedConstant constant, ImportedView view) =>
            [
                AffineImport.Multiply(import, node, 1, view, constant, isDivisor: false),
            ],
            (ImportedView one, ImportedView other) => [Product(import, node, one, other)],
            _ => throw OnnxImport.Refuse(node, "a value that depends on the images was expected"),
        };

    private static ImportedValue[] Divide(OnnxImport import, OnnxNode node) =>
        import.Value(node, 1) is ImportedConstant constant
            ? [AffineImport.Multiply(import, node, 0, import.View(node, 0), constant, isDivisor: true)]
            : throw OnnxImport.Refuse(
                node,
                "division by a constant was expected, or a layer normalization or attention of which it is a part");

    private static ImportedView Sum(OnnxImport import, OnnxNode node, ImportedView one, ImportedView other)
    {
        var (left, right) = Pair(import, node, one, other);
        if (!left.Sites.AsSpan().SequenceEqual(right.Sites) || left.Source.Image != right.Source.Image)
        {
            throw OnnxImport.Refuse(
                node,
                $"'{left.Source.Name}' ({left.Source.Image}) and '{right.Source.Name}' ({right.Source.Image}) were "
                    + "expected to have the same shape, their pixels in the same order");
        }
        return left.Of(import.Add(new AddLayer(import.Name(node), [left.Source.Name, right.Source.Name])));
    }

    private static ImportedView Product(OnnxImport import, OnnxNode node, ImportedView one, ImportedView other)
    {
        var (left, right) = Pair(import, node, one, other);
        // The second operand is the one with one factor per channel.
        if (left.Source.Pixels < right.Source.Pixels) (left, right) = (right, left);
        var areAlike = left.Source.Image == right.Source.Image && left.Sites.AsSpan().SequenceEqual(right.Sites);
        if (!areAlike && (right.Source.Pixels != 1 || right.Source.Image.Channels != left.Source.Image.Channels))
        {
            throw OnnxImport.Refuse(
                node,
                $"the factors '{right.Source.Name}' ({right.Source.Image}) were expected to have the shape of "
                    + $"'{left.Source.Name}' ({left.Source.Image}), or one value per channel");
        }
        return left.Of(import.Add(new MultiplyLayer(import.Name(node), [left.Source.Name, right.Source.Name])));
    }

    /// <summary>Arranges both values along their common channel dimension.</summary>
    private static (Arrangement, Arrangement) Pair(
        OnnxImport import, OnnxNode node, ImportedView one, ImportedView other)
    {
        Movement.Expanded(node, one.Shape, other.Shape);
        if (one.Shape.Length == other.Shape.Length)
        {
            foreach (var axis in (int[])[1, one.Shape.Length - 1])
            {
                if (Arrangement.Of(one, axis) is not null && Arrangement.Of(other, axis) is not null)
                    return (import.Read(node, one, axis), import.Read(node, other, axis));
            }
        }
        throw OnnxImport.Refuse(
            node,
            $"inputs [{string.Join(',', one.Shape)}] and [{string.Join(',', other.Shape)}] were expected to have the "
                + "channels of one layer each along the same dimension");
    }
}
