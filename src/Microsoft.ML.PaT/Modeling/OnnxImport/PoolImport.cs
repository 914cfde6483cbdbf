using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Imports MaxPool, AveragePool, GlobalAveragePool, and ReduceMean over all pixels.</summary>
internal static class PoolImport
{
    /// <summary>Smaller than every value of an image, in place of -infinity.</summary>
    public const float Lowest = -3e38f;

    public static IEnumerable<(string Operator, Func<OnnxImport, OnnxNode, ImportedValue[]> Import)> Operators =>
        [
            ("MaxPool", Max), ("AveragePool", Average), (Fusions.GridMeans, Grid),
            ("GlobalAveragePool", (import, node) => [Mean(import, node, [2, 3], keep: true)]),
            ("ReduceMean", (import, node) =>
                [Mean(import, node, Movement.Axes(import, node) ?? [], node.Integer("keepdims", 1) == 1)]),
        ];

    private static ImportedValue[] Max(OnnxImport import, OnnxNode node)
    {
        var input = import.ReadImages(node, import.View(node, 0));
        var window = Square(node, Window.Of(node, input.Image));
        if (window.Dilation != 1) throw OnnxImport.Refuse(node, "a dilation of 1 was expected");
        var roundUp = node.Integer("ceil_mode", 0) == 1;
        if (!window.IsSymmetric || window.Top != window.Left || window.Top > window.Height / 2)
            (input, window, roundUp) = Padded(import, node, input, window, roundUp);
        return Images(
            import.Add(
                new MaxPoolLayer(import.Name(node), [input.Name], window.Height, window.Stride, window.Top, roundUp)));
    }

    private static ImportedValue[] Average(OnnxImport import, OnnxNode node)
    {
        var input = import.ReadImages(node, import.View(node, 0));
        var window = Window.Of(node, input.Image);
        if (window.Dilation != 1) throw OnnxImport.Refuse(node, "a window without dilation was expected");
        var isPadded = window.Top + window.Left + window.Bottom + window.Right > 0;
        if (node.Integer("ceil_mode", 0) == 1
            && ((input.Image.Height + window.Top + window.Bottom - window.Height) % window.Stride != 0
                || (input.Image.Width + window.Left + window.Right - window.Width) % window.Stride != 0))
        {
            throw OnnxImport.Refuse(node, "windows within the image were expected ('ceil_mode')");
        }
        if (!isPadded && window.Height == input.Image.Height && window.Width == input.Image.Width)
            return Images(import.Add(new GlobalAveragePoolLayer(import.Name(node), [input.Name])));
        window = Square(node, window);
        var excludes = isPadded && node.Integer("count_include_pad", 0) == 0;
        if (!window.IsSymmetric || window.Top != window.Left || window.Top > window.Height / 2)
        {
            if (excludes)
            {
                throw OnnxImport.Refuse(
                    node,
                    "the same padding on all sides, up to half the kernel, was expected where padding does not count");
            }
            (input, window) = (
                Padding.Around(import, node, input, window, 0),
                window with { Top = 0, Left = 0, Bottom = 0, Right = 0 });
        }
        return Images(
            import.Add(
                new AveragePoolLayer(
                    import.Name(node), [input.Name], window.Height, window.Stride, window.Top, excludes)));
    }

    /// <summary>
    /// Imports average pooling over windows of unequal size, as this library exports it: products with a constant
    /// matrix over rows and one over columns.
    /// </summary>
    private static ImportedValue[] Grid(OnnxImport import, OnnxNode node)
    {
        var input = import.ReadImages(node, import.View(node, 1));
        var (rows, columns) = (import.Constant(node, 0), import.Constant(node, 2));
        using var transposed = columns.Moved(x => x.t());
        var (height, width) = ((int)rows.Shape[0], (int)columns.Shape[1]);
        if (rows.Shape[1] != input.Image.Height || columns.Shape[0] != input.Image.Width
            || !rows.Floats().AsSpan().SequenceEqual(AdaptiveAveragePoolLayer.Means(height, input.Image.Height))
            || !transposed.Floats().AsSpan().SequenceEqual(AdaptiveAveragePoolLayer.Means(width, input.Image.Width)))
        {
            throw OnnxImport.Refuse(node, "means over windows of rows and columns were expected");
        }
        return Images(import.Add(new AdaptiveAveragePoolLayer(import.Name(node), [input.Name], height, width)));
    }

    private static ImportedView Mean(OnnxImport import, OnnxNode node, long[] axes, bool keep)
    {
        var view = import.View(node, 0);
        if (axes.Length == 0 && node.Integer("noop_with_empty_axes", 0) == 1) return view.Moved(x => x.alias());
        // No axes are all axes.
        var gone = axes.Length == 0
            ? [.. Enumerable.Range(0, view.Shape.Length)]
            : axes.Select(a => Movement.Axis(node, a, view.Shape.Length)).ToHashSet();
        // A vector has only dimensions for images and channels.
        var axis = Enumerable.Range(1, view.Shape.Length - 1).FirstOrDefault(d => !gone.Contains(d), -1);
        var others =
            Enumerable.Range(1, view.Shape.Length - 1).Where(d => d != axis && !gone.Contains(d) && view.Shape[d] != 1);
        if (axis < 0 || gone.Contains(0) || others.Any())
        {
            throw OnnxImport.Refuse(
                node, "a mean over all pixels was expected, or a layer normalization of which it is a part");
        }
        var found = import.Read(node, view, axis);
        var pooled = import.Add(new GlobalAveragePoolLayer(import.Name(node), [found.Source.Name]));
        var kept = view.Shape.Select((size, d) => gone.Contains(d) ? 1 : size);
        return new(pooled, [.. keep ? kept : view.Shape.Where((_, d) => !gone.Contains(d))]);
    }

    /// <summary>The same windows without padding of the layer: rounded up, or over a padding layer.</summary>
    private static (LayerSource Input, Window Window, bool RoundUp) Padded(
        OnnxImport import, OnnxNode node, LayerSource input, Window window, bool roundUp)
    {
        var image = input.Image;
        var (rows, columns) = (
            Windows(image.Height, window.Top, window.Bottom, roundUp),
            Windows(image.Width, window.Left, window.Right, roundUp));
        var bare = window with { Top = 0, Left = 0, Bottom = 0, Right = 0 };
        if (window is { Top: 0, Left: 0 } && image.Height >= window.Height && image.Width >= window.Width
            && rows == Windows(image.Height, 0, 0, up: true) && columns == Windows(image.Width, 0, 0, up: true))
        {
            return (input, bare, true);
        }
        // As far as the last window reaches.
        var whole = window with
        {
            Bottom = Math.Max(0, (rows - 1) * window.Stride + window.Height - image.Height - window.Top),
            Right = Math.Max(0, (columns - 1) * window.Stride + window.Width - image.Width - window.Left),
        };
        return (Padding.Around(import, node, input, whole, Lowest), bare, false);

        // Rounded up, a last window that would start in the padding at the end does not count.
        int Windows(int size, int before, int after, bool up)
        {
            var room = before + size + after - window.Height;
            if (room < 0) throw OnnxImport.Refuse(node, "a window within the padded image was expected");
            if (!up) return room / window.Stride + 1;
            var count = (room + window.Stride - 1) / window.Stride + 1;
            return (count - 1) * window.Stride >= size + before ? count - 1 : count;
        }
    }

    private static Window Square(OnnxNode node, Window window) =>
        window.Height == window.Width
            ? window
            : throw OnnxImport.Refuse(node, $"a square window was expected, not {window.Height}x{window.Width}");

    private static ImportedValue[] Images(LayerSource made) =>
        [new ImportedView(made, [made.Images, made.Image.Channels, made.Image.Height, made.Image.Width])];
}
