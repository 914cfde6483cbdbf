using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Windows of attention as parameters of a <see cref="WindowAttentionLayer"/>.</summary>
/// <param name="Grid">Whether the pixels of a window are spaced over the image.</param>
/// <param name="Table">Position bias, [pairs,heads].</param>
internal sealed record WindowLayout(int Height, int Width, int ShiftHeight, int ShiftWidth, bool Grid, float[] Table)
{
    /// <summary>
    /// Added to the scores of pairs that must not attend to each other; files use this or much lower values.
    /// </summary>
    private const float Masked = -100;

    /// <exception cref="InvalidFileException">The windows are of another kind, or the bias of the scores does
    /// not depend on relative positions only.</exception>
    public static WindowLayout Of(
        OnnxImport import, OnnxNode node, AttentionScores scores, AttentionLayout layout, ImageShape image)
    {
        var layouts = Candidates(layout.Windows[0], image);
        foreach (var (height, width, down, right, grid) in layouts)
        {
            var windows = new PixelWindows(image, height, width, down, right, grid);
            if (Order(windows, layout, image, import.Images) is { } order
                && Biases(scores, layout, order, windows, height, width) is { } table)
            {
                return new(height, width, down, right, grid, table);
            }
        }
        throw OnnxImport.Refuse(
            node,
            $"windows side by side or in a grid, possibly rolled, over the pixels of {image} were expected, and "
                + "a bias of the scores that depends on the head and on the relative position of two pixels");
    }

    /// <summary>Returns layouts whose first window may be the given one, or has the same size.</summary>
    private static IEnumerable<(int, int, int, int, bool)> Candidates(int[] first, ImageShape image)
    {
        for (var height = 1; height <= image.Height; height++)
        {
            var width = first.Length / height;
            if (first.Length % height != 0 || width > image.Width || image.Height % height != 0
                || image.Width % width != 0)
            {
                continue;
            }
            yield return (height, width, 0, 0, false);
            yield return (height, width, 0, 0, true);
            var (row, column) = (first[0] / image.Width % image.Height, first[0] % image.Width);
            if (row < height && column < width && row + column > 0) yield return (height, width, row, column, false);
        }
    }

    /// <summary>
    /// Returns, for each window of the layer, the index of the file's equal window; null if they differ.
    /// </summary>
    private static int[]? Order(PixelWindows windows, AttentionLayout layout, ImageShape image, int images)
    {
        if (layout.Windows.Count != windows.Count * images) return null;
        var tokens = layout.Windows[0].Length;
        var pixels = image.Height * image.Width;
        // The first window of every image is the same; the others may be in any order.
        var byFirst = layout.Windows.Select((w, i) => (w, i)).ToDictionary(w => w.w[0], w => w.i);
        var order = new int[layout.Windows.Count];
        for (var i = 0; i < order.Length; i++)
        {
            var sites = windows.Sites.AsSpan(i % windows.Count * tokens, tokens);
            var offset = i / windows.Count * pixels;
            if (!byFirst.TryGetValue((int)sites[0] + offset, out order[i])) return null;
            for (var t = 0; t < tokens; t++)
            {
                if (layout.Windows[order[i]][t] != sites[t] + offset) return null;
            }
        }
        return order;
    }

    /// <summary>Returns the position bias; null if the scores have another bias.</summary>
    private static float[]? Biases(
        AttentionScores scores, AttentionLayout layout, int[] order, PixelWindows windows, int height, int width)
    {
        var (tokens, heads) = (scores.Tokens, layout.First.Length);
        var pairs = PixelWindows.Pairs(height, width);
        var table = new float[(2 * height - 1) * (2 * width - 1) * heads];
        if (scores.Bias is not { } bias) return windows.IsMasked ? null : table;
        var isKnown = new bool[table.Length];
        var mask = windows.Mask(1);
        var parts = Enumerable.Range(0, layout.Head.Length).ToDictionary(p => (layout.Window[p], layout.Head[p]));
        for (var w = 0; w < order.Length; w++)
        {
            for (var head = 0; head < heads; head++)
            {
                var own = bias.AsSpan(parts[(order[w], head)] * tokens * tokens, tokens * tokens);
                for (var i = 0; i < own.Length; i++)
                {
                    var at = pairs[i] * heads + head;
                    var isMasked = mask is not null && mask[(w % windows.Count * tokens * tokens) + i] != 0;
                    if (isMasked)
                    {
                        // The position bias of masked pairs has no effect.
                        if (own[i] > Masked + 50) return null;
                        continue;
                    }
                    if (!isKnown[at]) (table[at], isKnown[at]) = (own[i], true);
                    else if (Math.Abs(table[at] - own[i]) > 1e-5f * Math.Max(1, Math.Abs(own[i]))) return null;
                }
            }
        }
        return table;
    }
}
