using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Imports Slice in its forms before and after opset 10.</summary>
internal static class Slicing
{
    public static IEnumerable<(string Operator, Func<OnnxImport, OnnxNode, ImportedValue[]> Import)> Operators =>
        [("Slice", Slice)];

    private static ImportedValue[] Slice(OnnxImport import, OnnxNode node)
    {
        var value = import.Value(node, 0);
        var starts = node.Integers("starts") ?? import.Constant(node, 1).Integers();
        var ends = node.Integers("ends") ?? import.Constant(node, 2).Integers();
        var axes = node.Integers("axes")
            ?? import.Optional(node, 3)?.Integers()
            ?? [.. Enumerable.Range(0, starts.Length).Select(d => (long)d)];
        var steps = import.Optional(node, 4)?.Integers() ?? [.. starts.Select(_ => 1L)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
            throw OnnxImport.Refuse(node, "as many starts as ends, dimensions and steps were expected");
        return [value.Moved(x =>
        {
            var result = x.alias();
            for (var i = 0; i < starts.Length; i++)
            {
                using var old = result;
                result = Along(node, old, Movement.Axis(node, axes[i], (int)x.dim()), starts[i], ends[i], steps[i]);
            }
            return result;
        })];
    }

    private static Tensor Along(OnnxNode node, Tensor x, int axis, long start, long end, long step)
    {
        var size = x.shape[axis];
        if (step == 0) throw OnnxImport.Refuse(node, "its step is 0");
        // Clamped as the specification requires: with a negative step, from the last index to one before the first.
        start = Math.Clamp(start < 0 ? start + size : start, 0, step < 0 ? size - 1 : size);
        end = Math.Clamp(end < 0 ? Math.Max(end, -size - 1) + size : end, step < 0 ? -1 : 0, size);
        if (step == 1) return x.narrow(axis, start, Math.Max(0, end - start));
        var places = new List<long>();
        for (var at = start; step > 0 ? at < end : at > end; at += step) places.Add(at);
        using var index = tensor(places.ToArray());
        return x.index_select(axis, index);
    }
}
