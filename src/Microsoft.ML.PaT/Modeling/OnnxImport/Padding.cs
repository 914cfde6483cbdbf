using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Imports Pad and asymmetric padding of windows.</summary>
internal static class Padding
{
    public static IEnumerable<(string Operator, Func<OnnxImport, OnnxNode, ImportedValue[]> Import)> Operators =>
        [("Pad", Pad)];

    /// <summary>Adds a layer for the padding of a window.</summary>
    public static LayerSource Around(OnnxImport import, OnnxNode node, LayerSource input, Window window, float value) =>
        import.Shared($"pad {input.Name} {window.Top} {window.Left} {window.Bottom} {window.Right} {value}", () =>
            new PixelPadLayer(
                import.Name(node, suffix: ".pad"),
                [input.Name],
                window.Top,
                window.Left,
                window.Bottom,
                window.Right,
                value));

    private static ImportedValue[] Pad(OnnxImport import, OnnxNode node)
    {
        var view = import.View(node, 0);
        var pads = node.Integers("pads") ?? import.Constant(node, 1).Integers();
        var value = node.Has("value") ? node.Float("value", 0) : import.Optional(node, 2)?.Uniform() ?? 0;
        // A max-pool reads -infinity, which a layer cannot have, and the lowest number alike.
        value = Math.Max(value, PoolImport.Lowest);
        if (node.Text("mode") is not ("" or "constant"))
            throw OnnxImport.Refuse(node, "padding by a constant was expected");
        var rank = view.Shape.Length;
        if (import.Optional(node, 3) is { } axes) pads = Named(node, pads, axes.Integers(), rank);
        if (pads.Length != 2 * rank || Array.Exists(pads, p => p is < 0 or > 1 << 16))
        {
            throw OnnxImport.Refuse(
                node,
                $"two paddings from 0 on for each of {rank} dimensions were expected, not [{string.Join(',', pads)}]");
        }
        if (Array.TrueForAll(pads, p => p == 0)) return [view.Moved(x => x.alias())];
        var found = import.Read(node, view, 1, -1);
        if (!found.HasAllSitesInOrder || pads[0] != 0 || pads[rank] != 0)
            throw OnnxImport.Refuse(node, "pixels in order were expected");
        // Pixel dimensions in order: two for images, one for tokens.
        var pixels = Enumerable.Range(1, rank - 1).Where(d => d != found.Axis).ToArray();
        var image = found.Source.Image;
        if (pixels.Length is not (1 or 2) || view.Shape[pixels[^1]] != image.Width)
            throw OnnxImport.Refuse(node, "images, or tokens in a row, were expected");
        var source = found.Source;
        if (pads[found.Axis] + pads[found.Axis + rank] > 0)
        {
            if (value != 0) throw OnnxImport.Refuse(node, "channels of zeros were expected");
            source = import.Add(
                new ZeroPadLayer(
                    import.Name(node, suffix: ".channels"),
                    [source.Name],
                    (int)pads[found.Axis],
                    (int)pads[found.Axis + rank],
                    1));
        }
        var (columns, rows) = (pixels[^1], pixels.Length == 2 ? pixels[0] : -1);
        var around = new Window(
            1,
            1,
            1,
            1,
            rows < 0 ? 0 : (int)pads[rows],
            (int)pads[columns],
            rows < 0 ? 0 : (int)pads[rows + rank],
            (int)pads[columns + rank]);
        if (around.Top + around.Left + around.Bottom + around.Right > 0)
            source = Around(import, node, source, around, value);
        long[] shape = [.. view.Shape.Select((size, d) => size + pads[d] + pads[d + rank])];
        return [new Arrangement(source, shape, found.Axis, [], [.. Enumerable.Range(0, source.Sites)]).Of(source)];
    }

    private static long[] Named(OnnxNode node, long[] pads, long[] axes, int rank)
    {
        var all = new long[2 * rank];
        if (pads.Length != 2 * axes.Length)
            throw OnnxImport.Refuse(node, "two paddings for each dimension that it names were expected");
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = Movement.Axis(node, axes[i], rank);
            (all[axis], all[axis + rank]) = (pads[i], pads[i + axes.Length]);
        }
        return all;
    }
}
