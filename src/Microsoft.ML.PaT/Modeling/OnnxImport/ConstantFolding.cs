using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Computes nodes that do not depend on the images: shape arithmetic, masks, positions, computed weights.
/// </summary>
internal static class ConstantFolding
{
    private const int MostElements = 1 << 25;

    private static readonly Dictionary<string, Func<OnnxImport, OnnxNode, Tensor>> s_operators = new()
    {
        ["Constant"] = (_, node) => Constant(node),
        ["ConstantOfShape"] = (import, node) => Filled(node, import.Constant(node, 0).Integers()),
        ["Range"] = Range,
        ["Cast"] = (import, node) => Cast(node, X(import, node)),
        ["Add"] = (import, node) => Pair(import, node, (x, y) => x.Plus(y)),
        ["Sub"] = (import, node) => Pair(import, node, (x, y) => x.Plus(y.neg())),
        ["Mul"] = (import, node) => Pair(import, node, (x, y) => x.mul(y)),
        ["Div"] = (import, node) =>
            Pair(import, node, (x, y) => x.dtype == ScalarType.Int64 ? x.div(y, RoundingMode.trunc) : x.div(y)),
        ["Mod"] = (import, node) =>
            Pair(import, node, (x, y) => node.Integer("fmod", 0) == 0 ? x.remainder(y) : x.fmod(y)),
        ["Pow"] = (import, node) => Pair(import, node, (x, y) => x.pow(y)),
        ["Equal"] = (import, node) => Pair(import, node, (x, y) => x.eq(y)),
        ["Less"] = (import, node) => Pair(import, node, (x, y) => x.lt(y)),
        ["Greater"] = (import, node) => Pair(import, node, (x, y) => x.gt(y)),
        ["And"] = (import, node) => Pair(import, node, (x, y) => x.logical_and(y)),
        ["Or"] = (import, node) => Pair(import, node, (x, y) => x.logical_or(y)),
        ["MatMul"] = (import, node) => Product(node, X(import, node), X(import, node, 1)),
        ["Min"] = (import, node) => All(import, node, (x, y) => x.minimum(y)),
        ["Max"] = (import, node) => All(import, node, (x, y) => x.maximum(y)),
        ["Where"] = Where,
        ["Not"] = (import, node) => X(import, node).logical_not(),
        ["Neg"] = (import, node) => X(import, node).neg(),
        ["Abs"] = (import, node) => X(import, node).abs(),
        ["Sign"] = (import, node) => X(import, node).sign(),
        ["Sqrt"] = (import, node) => X(import, node).sqrt(),
        ["Reciprocal"] = (import, node) => X(import, node).reciprocal(),
        ["Exp"] = (import, node) => X(import, node).exp(),
        ["Log"] = (import, node) => X(import, node).log(),
        ["Floor"] = (import, node) => X(import, node).floor(),
        ["Ceil"] = (import, node) => X(import, node).ceil(),
        ["Round"] = (import, node) => X(import, node).round(),
        ["Sigmoid"] = (import, node) => X(import, node).sigmoid(),
        ["Relu"] = (import, node) => X(import, node).relu(),
        ["Clip"] = Clip,
        ["ScatterND"] = (import, node) => Scatter(node, X(import, node), import.Constant(node, 1), X(import, node, 2)),
        ["Tile"] = (import, node) => Tile(node, X(import, node), import.Constant(node, 1).Integers()),
        ["ReduceSum"] = (import, node) => Reduce(import, node, (x, axes, keep) => x.sum(axes, keep)),
        ["ReduceMean"] = (import, node) =>
            Reduce(import, node, (x, axes, keep) => x.to(ScalarType.Float32).mean(axes, keep)),
        ["ReduceMax"] = (import, node) => Reduce(import, node, (x, axes, keep) => x.amax(axes, keep)),
        ["ReduceProd"] = (import, node) =>
            Reduce(import, node, (x, axes, keep) => axes.OrderDescending().Aggregate(x, (y, d) => y.prod(d, keep))),
    };

    /// <summary>Computes a node whose inputs are all constant.</summary>
    /// <returns>Null if the operator is not supported.</returns>
    public static ImportedConstant? Fold(OnnxImport import, OnnxNode node)
    {
        if (!s_operators.TryGetValue(node.Operator, out var compute)) return null;
        using var scope = NewDisposeScope();
        var value = compute(import, node);
        // An operator may return its input, but each constant owns its tensor.
        return new(value.alias());
    }

    private static Tensor X(OnnxImport import, OnnxNode node, int input = 0) => import.Constant(node, input).Value;

    private static Tensor Pair(OnnxImport import, OnnxNode node, Func<Tensor, Tensor, Tensor> compute)
    {
        var (x, y) = (X(import, node), X(import, node, 1));
        Movement.Expanded(node, x.shape, y.shape);
        return compute(x, y);
    }

    /// <summary>Combines any number of inputs.</summary>
    private static Tensor All(OnnxImport import, OnnxNode node, Func<Tensor, Tensor, Tensor> compute) =>
        Enumerable.Range(1, node.Inputs.Count - 1).Aggregate(X(import, node), (x, i) =>
        {
            var y = X(import, node, i);
            Movement.Expanded(node, x.shape, y.shape);
            return compute(x, y);
        });

    private static Tensor Product(OnnxNode node, Tensor x, Tensor y)
    {
        long[] rows = x.dim() < 2 ? [1] : [.. x.shape[..^1], 1];
        long[] columns = y.dim() < 2 ? [1] : [.. y.shape[..^2], 1, y.shape[^1]];
        Movement.Expanded(node, rows, columns);
        return x.matmul(y);
    }

    private static Tensor Where(OnnxImport import, OnnxNode node)
    {
        var (condition, x, y) = (X(import, node), X(import, node, 1), X(import, node, 2));
        Movement.Expanded(node, Movement.Expanded(node, condition.shape, x.shape), y.shape);
        return where(condition.to(ScalarType.Bool), x, y);
    }

    private static Tensor Constant(OnnxNode node)
    {
        if (node.Tensor("value") is { } value) return value.ToTensor();
        if (node.Has("value_float")) return tensor(node.Float("value_float", 0));
        if (node.Has("value_int")) return tensor(node.Integer("value_int", 0));
        if (node.Has("value_floats")) return tensor(node.Floats("value_floats")!);
        return node.Has("value_ints")
            ? tensor(node.Integers("value_ints")!)
            : throw OnnxImport.Refuse(node, "a constant of floats or whole numbers was expected");
    }

    private static Tensor Filled(OnnxNode node, long[] shape)
    {
        Movement.Expanded(node, [], shape);
        using var one = node.Tensor("value")?.ToTensor() ?? tensor(0f);
        if (one.numel() != 1) throw OnnxImport.Refuse(node, "one value to fill with was expected");
        return one.reshape([]).expand(shape).clone();
    }

    private static Tensor Range(OnnxImport import, OnnxNode node)
    {
        var (start, limit, step) = (import.Constant(node, 0), import.Constant(node, 1), import.Constant(node, 2));
        var (from, to, by) = ((double)start.Floats()[0], (double)limit.Floats()[0], (double)step.Floats()[0]);
        var count = by == 0 ? double.NaN : Math.Max(0, Math.Ceiling((to - from) / by));
        if (!(count <= MostElements))
            throw OnnxImport.Refuse(node, $"a range from {from} to {to} by {by} is larger than any classifier needs");
        var values = Enumerable.Range(0, (int)count).Select(i => from + i * by);
        return start.IsFloat
            ? tensor(values.Select(v => (float)v).ToArray())
            : tensor(values.Select(v => (long)v).ToArray());
    }

    /// <summary>Floats of all widths become float32, integers int64.</summary>
    private static Tensor Cast(OnnxNode node, Tensor x) => node.Integer("to", 0) switch
    {
        1 or 10 or 11 or 16 => x.to(ScalarType.Float32),
        9 => x.to(ScalarType.Bool),
        >= 2 and <= 7 or 12 or 13 => x.to(ScalarType.Int64),
        var to => throw OnnxImport.Refuse(node, $"type {to} is not a number"),
    };

    private static Tensor Clip(OnnxImport import, OnnxNode node)
    {
        var result = X(import, node);
        // Before operator set 11 the limits are attributes.
        if (node.Has("min")) result = result.maximum(tensor(node.Float("min", 0)));
        if (node.Has("max")) result = result.minimum(tensor(node.Float("max", 0)));
        if (Limit(1) is { } least) result = result.maximum(least);
        return Limit(2) is { } most ? result.minimum(most) : result;

        Tensor? Limit(int input) => import.Optional(node, input) switch
        {
            null => null,
            { Count: 1 } one => one.Value.reshape([]),
            _ => throw OnnxImport.Refuse(node, "one number for each limit was expected"),
        };
    }

    private static Tensor Scatter(OnnxNode node, Tensor data, ImportedConstant indices, Tensor updates)
    {
        if (node.Text("reduction") is not ("" or "none"))
            throw OnnxImport.Refuse(node, "values that replace others were expected ('reduction' none)");
        var depth = (int)indices.Shape[^1];
        var result = data.contiguous().clone();
        var block = data.shape[depth..].Aggregate(1L, (product, size) => product * size);
        var places = indices.Integers();
        var at = new List<long>();
        for (var i = 0; i < places.Length; i += depth)
        {
            var offset = 0L;
            for (var d = 0; d < depth; d++)
            {
                var place = places[i + d] < 0 ? places[i + d] + data.shape[d] : places[i + d];
                if (place < 0 || place >= data.shape[d])
                    throw OnnxImport.Refuse(node, $"it scatters beyond the {data.shape[d]} places of dimension {d}");
                offset = offset * data.shape[d] + place;
            }
            at.Add(offset);
        }
        using var index = tensor(at.ToArray());
        using var rows = result.view(-1, block);
        using var values = updates.to(data.dtype).reshape(-1, block);
        if (values.shape[0] != at.Count)
            throw OnnxImport.Refuse(node, $"it scatters {values.shape[0]} values to {at.Count} places");
        rows.index_copy_(0, index, values);
        return result;
    }

    private static Tensor Tile(OnnxNode node, Tensor x, long[] repeats)
    {
        Movement.Expanded(node, [], [.. x.shape.Zip(repeats, (size, times) => checked(size * times))]);
        return x.repeat(repeats);
    }

    private static Tensor Reduce(OnnxImport import, OnnxNode node, Func<Tensor, long[], bool, Tensor> reduce)
    {
        var x = X(import, node);
        var axes = Movement.Axes(import, node) ?? [];
        if (axes.Length == 0 && node.Integer("noop_with_empty_axes", 0) == 1) return x;
        if (axes.Length == 0) axes = [.. Enumerable.Range(0, (int)x.dim()).Select(d => (long)d)];
        return reduce(
            x, [.. axes.Select(a => (long)Movement.Axis(node, a, (int)x.dim()))], node.Integer("keepdims", 1) == 1);
    }
}
