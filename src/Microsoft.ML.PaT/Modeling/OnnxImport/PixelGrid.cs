using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Selects pixels that form a grid in an image: a rectangle, every n-th row and column, or one token.
/// </summary>
internal static class PixelGrid
{
    /// <exception cref="InvalidFileException">The pixels do not form a grid.</exception>
    public static Arrangement Select(OnnxImport import, OnnxNode node, Arrangement found)
    {
        var (source, images) = (found.Source, found.Source.Images);
        var sites = found.Sites.AsSpan(0, found.Sites.Length / images);
        var grid = Of(sites, source.Image.Width);
        for (var image = 1; image < images && grid is not null; image++)
        {
            for (var i = 0; i < sites.Length; i++)
            {
                if (found.Sites[image * sites.Length + i] != sites[i] + image * source.Pixels) grid = null;
            }
        }
        if (grid is not { } g)
        {
            throw OnnxImport.Refuse(
                node,
                $"its input has {found.Sites.Length} pixels of layer '{source.Name}' ({source.Image}), and a "
                    + "rectangle or every n-th row and column of them was expected");
        }
        var layer = import.Shared($"pixels {source.Name} {g}", () =>
            source.Image.Height == 1 && g is { Rows: 1, Columns: 1 }
                ? new SelectTokenLayer(import.Name(node, suffix: ".token"), [source.Name], g.Left)
                : new PixelSliceLayer(
                    import.Name(node, suffix: ".pixels"), [source.Name], g.Top, g.Left, g.Rows, g.Columns, g.Stride));
        return found with { Source = layer, Sites = [.. Enumerable.Range(0, found.Sites.Length)] };
    }

    /// <param name="sites">Pixel indices h W + w, in row order.</param>
    /// <returns>Null if the pixels do not form a grid.</returns>
    private static Grid? Of(ReadOnlySpan<int> sites, int width)
    {
        var columns = 1;
        while (columns < sites.Length && sites[columns] / width == sites[0] / width) columns++;
        if (sites.Length % columns != 0) return null;
        var rows = sites.Length / columns;
        int? across =
            columns > 1 ? sites[1] - sites[0] : null, down = rows > 1 ? (sites[columns] - sites[0]) / width : null;
        var stride = across ?? down ?? 1;
        if (stride < 1 || (down ?? stride) != stride) return null;
        for (var i = 0; i < sites.Length; i++)
        {
            if (sites[i] != sites[0] + i / columns * stride * width + i % columns * stride) return null;
        }
        return new(sites[0] / width, sites[0] % width, rows, columns, stride);
    }

    private readonly record struct Grid(int Top, int Left, int Rows, int Columns, int Stride);
}
