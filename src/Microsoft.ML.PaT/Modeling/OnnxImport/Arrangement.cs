using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// A value with one dimension for channels, the same at all pixels, and the other dimensions for pixels.
/// </summary>
/// <param name="Axis">Index of the channel dimension.</param>
/// <param name="Channels">Channel of the layer for each index of that dimension.</param>
/// <param name="Sites">Pixel of the layer, counted over all images, for each index of the other dimensions,
/// row-major.</param>
internal sealed record Arrangement(LayerSource Source, long[] Shape, int Axis, int[] Channels, int[] Sites)
{
    private const long MostElements = 1 << 25;

    /// <summary>Whether the value has all channels of the layer in order.</summary>
    public bool HasAllChannels => IsAscending(Channels, Source.Image.Channels);

    /// <summary>Whether the value has all pixels of the layer in order.</summary>
    public bool HasAllSitesInOrder => IsAscending(Sites, Source.Sites);

    /// <summary>Whether the value has every pixel of the layer exactly once.</summary>
    public bool HasEachSite
    {
        get
        {
            if (Sites.Length != Source.Sites) return false;
            var seen = new bool[Source.Sites];
            foreach (var site in Sites) seen[site] = true;
            return Array.TrueForAll(seen, s => s);
        }
    }

    /// <returns>Null if that dimension is not one of channels.</returns>
    public static Arrangement? Of(ImportedView view, int axis)
    {
        if (view.Source is not LayerSource source || axis >= view.Shape.Length || view.Count == 0) return null;
        var shape = view.Shape;
        if (view.IsInOrder && axis == 1 && shape[0] == source.Images && shape[1] == source.Image.Channels)
        {
            return new(
                source,
                shape,
                axis,
                [.. Enumerable.Range(0, source.Image.Channels)],
                [.. Enumerable.Range(0, source.Sites)]);
        }

        using var index = view.Index();
        using var last = index.movedim([axis], [-1]);
        using var dense = last.contiguous();
        var numbers = dense.data<long>().ToArray();
        var width = (int)shape[axis];
        var (channels, sites) = (new int[width], new int[numbers.Length / width]);
        for (var c = 0; c < width; c++) channels[c] = source.Channel(numbers[c]);
        for (var row = 0; row < sites.Length; row++)
        {
            var site = sites[row] = source.Site(numbers[row * width]);
            for (var c = 0; c < width; c++)
            {
                if (numbers[row * width + c] != source.Element(channels[c], site)) return null;
            }
        }
        return new(source, shape, axis, channels, sites);
    }

    /// <summary>Returns the output of another layer with the same pixels, arranged in the same way.</summary>
    /// <param name="layer">A layer with the same number of pixels, all of whose channels are used in order.</param>
    public ImportedView Of(LayerSource layer)
    {
        long[] shape = [.. Shape];
        shape[Axis] = layer.Image.Channels;
        if (Axis == 1 && shape[0] == layer.Images && IsAscending(Sites, layer.Sites)) return new(layer, shape);
        var count = (long)Sites.Length * layer.Image.Channels;
        if (count > MostElements)
        {
            throw new InvalidOptionsException(
                ErrorCodes.LayerInvalid, $"{count} elements are more than any classifier rearranges");
        }
        var numbers = new long[count];
        var at = 0;
        foreach (var site in Sites)
        {
            for (var c = 0; c < layer.Image.Channels; c++) numbers[at++] = layer.Element(c, site);
        }
        using var flat = tensor(numbers);
        using var last = flat.reshape([.. shape.Where((_, d) => d != Axis), layer.Image.Channels]);
        using var index = last.movedim([-1], [Axis]);
        return ImportedView.Of(layer, index);
    }

    private static bool IsAscending(int[] values, int count)
    {
        if (values.Length != count) return false;
        for (var i = 0; i < count; i++)
        {
            if (values[i] != i) return false;
        }
        return true;
    }
}
