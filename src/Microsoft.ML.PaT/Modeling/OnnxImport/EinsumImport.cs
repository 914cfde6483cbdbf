using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Imports Einsum of two inputs if it is a matrix product: the products of attention, or a linear layer.
/// </summary>
internal static class EinsumImport
{
    public static IEnumerable<(string Operator, Func<OnnxImport, OnnxNode, ImportedValue[]> Import)> Operators =>
        [("Einsum", Einsum)];

    private static ImportedValue[] Einsum(OnnxImport import, OnnxNode node)
    {
        var equation = node.Text("equation").Replace(" ", "");
        var sides = equation.Split("->");
        var terms = sides[0].Split(',');
        if (sides.Length != 2 || terms.Length != 2 || equation.Contains('.'))
            throw OnnxImport.Refuse(node, $"a product of two matrices was expected, not '{equation}'");
        var (left, right, output) = (terms[0], terms[1], sides[1]);
        string shared = new([.. left.Where(c => right.Contains(c) && output.Contains(c))]),
            summed = new([.. left.Where(c => right.Contains(c) && !output.Contains(c))]);
        string rows = new([.. left.Except(right)]), columns = new([.. right.Except(left)]);
        var (one, other) = (import.View(node, 0), import.Value(node, 1));
        var isConstant = other is ImportedConstant;
        if (summed.Length != 1 || columns.Length != 1 || isConstant && shared.Length > 0
            || !isConstant && rows.Length != 1 || left.Length != one.Shape.Length || right.Length != other.Shape.Length
            || !(rows + shared + columns).Order().SequenceEqual(output.Order()))
        {
            throw OnnxImport.Refuse(node, $"a product of two matrices was expected, not '{equation}'");
        }
        using var first = one.Moved(x => x.permute(Order(left, shared + rows + summed)));
        using var second = other.Moved(x => x.permute(Order(right, shared + summed + columns)));
        using var product = LinearImport.Product(import, node, first, second);
        return [product.Moved(x => x.permute(Order(shared + rows + columns, output)))];
    }

    /// <summary>Index in the first text of each letter of the second.</summary>
    private static long[] Order(string from, string to) => [.. to.Select(c => (long)from.IndexOf(c))];
}
