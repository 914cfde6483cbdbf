using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Imports operators that only move elements. They are applied to element indices, or to the elements of constants.
/// </summary>
internal static class Movement
{
    private const long MostElements = 1 << 25;

    public static IEnumerable<(string Operator, Func<OnnxImport, OnnxNode, ImportedValue[]> Import)> Operators =>
        [
            ("Identity", (import, node) => Move(import, node, x => x.alias())),
            ("Reshape", (import, node) =>
                Move(import, node, x => x.reshape(Reshaped(node, x.shape, import.Constant(node, 1).Integers())))),
            ("Flatten", (import, node) =>
                Move(import, node, x => x.reshape(Flattened(x.shape, node.Integer("axis", 1))))),
            ("Transpose", (import, node) => Move(import, node, x => x.permute(Order(node, (int)x.dim())))),
            ("Squeeze", (import, node) =>
                Move(import, node, x => x.reshape(Squeezed(node, x.shape, Axes(import, node))))),
            ("Unsqueeze", (import, node) =>
                Move(import, node, x => x.reshape(Unsqueezed(node, x.shape, Axes(import, node) ?? [])))),
            ("Expand", (import, node) =>
                Move(import, node, x => x.expand(Expanded(node, x.shape, import.Constant(node, 1).Integers())))),
            ("Gather", (import, node) => Move(import, node, x => Gathered(node, x, import.Constant(node, 1)))),
            ("Split", Split),
            ("DepthToSpace", (import, node) => Move(import, node, x => DepthToSpace(node, x))),
            ("SpaceToDepth", (import, node) => Move(import, node, x => SpaceToDepth(node, x))),
        ];

    /// <summary>Resolves a negative dimension, which counts from the end.</summary>
    public static int Axis(OnnxNode node, long axis, int dimensions)
    {
        var from = axis < 0 ? axis + dimensions : axis;
        return from >= 0 && from < dimensions
            ? (int)from
            : throw OnnxImport.Refuse(node, $"it names dimension {axis}, and its input has {dimensions}");
    }

    /// <summary>
    /// Dimensions given by an attribute or, in newer operator sets, by the second input; null for none.
    /// </summary>
    public static long[]? Axes(OnnxImport import, OnnxNode node) =>
        node.Integers("axes") ?? import.Optional(node, 1)?.Integers();

    private static ImportedValue[] Move(OnnxImport import, OnnxNode node, Func<Tensor, Tensor> move) =>
        [import.Value(node, 0).Moved(move)];

    private static long[] Reshaped(OnnxNode node, long[] shape, long[] wanted)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var result = wanted
            .Select((size, d) => size == 0 && node.Integer("allowzero", 0) == 0 && d < shape.Length ? shape[d] : size)
            .ToArray();
        var known = result.Where(size => size != -1).Aggregate(1L, (product, size) => checked(product * size));
        var open = Array.IndexOf(result, -1);
        if (open >= 0 && known > 0) result[open] = count / known;
        return
            result.Aggregate(1L, (product, size) => product * size) == count
            && Array.TrueForAll(result, size => size >= 0)
            ? result
            : throw OnnxImport.Refuse(
                node,
                $"[{string.Join(',', shape)}] cannot have the shape [{string.Join(',', wanted)}]; a file for another "
                    + "size of images or another batch than the one given has such nodes");
    }

    private static long[] Flattened(long[] shape, long axis)
    {
        var at = (int)(axis < 0 ? axis + shape.Length : axis);
        return [Product(shape[..at]), Product(shape[at..])];

        static long Product(long[] sizes) => sizes.Aggregate(1L, (product, size) => product * size);
    }

    private static long[] Order(OnnxNode node, int dimensions)
    {
        var order =
            node.Integers("perm") ?? [.. Enumerable.Range(0, dimensions).Select(d => (long)(dimensions - 1 - d))];
        return order.Order().SequenceEqual(Enumerable.Range(0, dimensions).Select(d => (long)d))
            ? order
            : throw OnnxImport.Refuse(
                node, $"'perm' [{string.Join(',', order)}] does not name each of {dimensions} dimensions once");
    }

    private static long[] Squeezed(OnnxNode node, long[] shape, long[]? axes)
    {
        var gone = axes?.Select(a => Axis(node, a, shape.Length)).ToHashSet()
            ?? [.. Enumerable.Range(0, shape.Length).Where(d => shape[d] == 1)];
        return gone.All(d => shape[d] == 1)
            ? [.. shape.Where((_, d) => !gone.Contains(d))]
            : throw OnnxImport.Refuse(
                node, $"[{string.Join(',', shape)}] has more than one element along a dimension that is to go");
    }

    private static long[] Unsqueezed(OnnxNode node, long[] shape, long[] axes)
    {
        var result = new List<long>(shape);
        foreach (var axis in axes.Select(a => Axis(node, a, shape.Length + axes.Length)).Order())
            result.Insert(Math.Min(axis, result.Count), 1);
        return [.. result];
    }

    /// <summary>Shape that two shapes broadcast to.</summary>
    public static long[] Expanded(OnnxNode node, long[] shape, long[] wanted)
    {
        var length = Math.Max(shape.Length, wanted.Length);
        var result = new long[length];
        for (var d = 0; d < length; d++)
        {
            var (one, other) = (At(shape, d), At(wanted, d));
            result[d] = one == 1 ? other : one;
            if (one != 1 && other != 1 && one != other)
            {
                throw OnnxImport.Refuse(
                    node, $"shapes [{string.Join(',', shape)}] and [{string.Join(',', wanted)}] do not fit");
            }
        }
        RequireSize(node, result.Aggregate(1L, (product, size) => checked(product * size)));
        return result;

        long At(long[] sizes, int d) => d - length + sizes.Length is >= 0 and var at ? sizes[at] : 1;
    }

    /// <summary>Refuses a value before memory for it is allocated.</summary>
    public static void RequireSize(OnnxNode node, long elements)
    {
        if (elements > MostElements) throw OnnxImport.Refuse(node, "its output is larger than any classifier needs");
    }

    private static Tensor Gathered(OnnxNode node, Tensor values, ImportedConstant indices)
    {
        var axis = Axis(node, node.Integer("axis", 0), (int)values.dim());
        var size = values.shape[axis];
        var numbers = indices.Integers().Select(i => i < 0 ? i + size : i).ToArray();
        if (Array.Exists(numbers, i => i < 0 || i >= size))
            throw OnnxImport.Refuse(node, $"it gathers beyond the {size} places of dimension {axis}");
        if (size > 0) RequireSize(node, checked(values.numel() / size * numbers.Length));
        using var flat = tensor(numbers);
        using var picked = values.index_select(axis, flat);
        return picked.reshape([.. values.shape[..axis], .. indices.Shape, .. values.shape[(axis + 1)..]]);
    }

    private static ImportedValue[] Split(OnnxImport import, OnnxNode node)
    {
        var value = import.Value(node, 0);
        var axis = Axis(node, node.Integer("axis", 0), value.Shape.Length);
        var parts = node.Outputs.Count;
        var each = (value.Shape[axis] + parts - 1) / parts;
        var sizes = node.Integers("split")
            ?? import.Optional(node, 1)?.Integers()
            ?? [.. Enumerable.Range(0, parts).Select(p => Math.Min(each, value.Shape[axis] - p * each))];
        if (sizes.Length != parts || sizes.Sum() != value.Shape[axis] || Array.Exists(sizes, s => s < 0))
        {
            throw OnnxImport.Refuse(
                node, $"it splits {value.Shape[axis]} places of dimension {axis} into [{string.Join(',', sizes)}]");
        }
        var start = 0L;
        return [.. sizes.Select(size =>
        {
            start += size;
            return value.Moved(x => x.narrow(axis, start - size, size));
        })];
    }

    private static Tensor DepthToSpace(OnnxNode node, Tensor x)
    {
        var (size, block) = (x.shape, node.Integer("blocksize", 1));
        var isRowMajor = node.Text("mode") != "CRD";
        long[] parts = isRowMajor
            ? [size[0], block, block, size[1] / block / block, size[2], size[3]]
            : [size[0], size[1] / block / block, block, block, size[2], size[3]];
        return x.reshape(parts)
            .permute(isRowMajor ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3])
            .reshape(size[0], size[1] / block / block, size[2] * block, size[3] * block);
    }

    private static Tensor SpaceToDepth(OnnxNode node, Tensor x)
    {
        var (size, block) = (x.shape, node.Integer("blocksize", 1));
        return x.reshape(size[0], size[1], size[2] / block, block, size[3] / block, block)
            .permute(0, 3, 5, 1, 2, 4)
            .reshape(size[0], size[1] * block * block, size[2] / block, size[3] / block);
    }
}
