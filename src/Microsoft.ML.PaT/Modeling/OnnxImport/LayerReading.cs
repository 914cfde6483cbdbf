using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Converts imported values to the form that layers read, [N,C,H,W] with all channels and pixels in order, by adding
/// layers that select them.
/// </summary>
internal static class LayerReading
{
    /// <summary>Arranges a value by channels and adds the layers that select its channels and pixels.</summary>
    /// <param name="axis">Expected channel dimension; negative values count from the end.</param>
    /// <returns>All channels of a layer, in order, and each of its pixels once, in any order; null if the dimension is
    /// not one of channels.</returns>
    public static Arrangement? TryRead(this OnnxImport import, OnnxNode node, ImportedView view, int axis)
    {
        if (axis < 0) axis += view.Shape.Length;
        if (axis < 0 || axis >= view.Shape.Length) return null;
        return Arrangement.Of(view, axis) is { } found
            ? Selected(import, node, view, found)
            : PixelBlocks.TryRead(import, node, view, axis);
    }

    /// <summary>
    /// Adds the layers that select the channels and pixels of an arrangement, and one for the value's factor.
    /// </summary>
    /// <returns>All channels of a layer, in order, and each of its pixels once, in any order.</returns>
    public static Arrangement Selected(this OnnxImport import, OnnxNode node, ImportedView view, Arrangement found)
    {
        if (found.Source.IsInput) InputReading.Settle(import, node, view);
        if (!found.HasAllChannels) found = SelectChannels(import, node, found);
        if (!found.HasEachSite) found = PixelGrid.Select(import, node, found);
        return view.Factor == 1 ? found : Scaled(import, node, found, view.Factor);
    }

    /// <summary>Arranges a value by channels along one of several dimensions.</summary>
    /// <exception cref="InvalidFileException">None of them is a dimension of channels.</exception>
    public static Arrangement Read(
        this OnnxImport import, OnnxNode node, ImportedView view, params ReadOnlySpan<int> axes)
    {
        foreach (var axis in axes)
        {
            if (import.TryRead(node, view, axis) is { } found) return found;
        }
        throw OnnxImport.Refuse(
            node,
            $"its input [{string.Join(',', view.Shape)}] was expected to have the channels of one layer along "
                + $"dimension {string.Join(" or ", axes.ToArray())}");
    }

    /// <summary>Returns the layer whose output is the value as images, [N,C,H,W], or vectors, [N,C].</summary>
    /// <exception cref="InvalidFileException">The value has another form.</exception>
    public static LayerSource ReadImages(this OnnxImport import, OnnxNode node, ImportedView view)
    {
        if (view.Shape.Length is not (2 or 4))
        {
            throw OnnxImport.Refuse(
                node, $"its input has {view.Shape.Length} dimensions, and images, [N,C,H,W], were expected");
        }
        var found = import.Read(node, view, 1);
        var image = found.Source.Image;
        var isImage =
            view.Shape.Length == 2
                ? found.Source.Pixels == 1
                : view.Shape[2] == image.Height && view.Shape[3] == image.Width;
        if (isImage && found.HasAllSitesInOrder) return found.Source;
        throw OnnxImport.Refuse(
            node,
            $"its input [{string.Join(',', view.Shape)}] has the pixels of layer '{found.Source.Name}' ({image}) in "
                + "another order or form, and images with the pixels in order were expected");
    }

    /// <summary>Adds a layer that selects channels in the given order.</summary>
    private static Arrangement SelectChannels(OnnxImport import, OnnxNode node, Arrangement found)
    {
        var from = found.Source.Name;
        var layer = import.Shared($"channels {from} {string.Join(',', found.Channels)}", () =>
            new SelectChannelsLayer(import.Name(node, suffix: ".channels"), [from], found.Channels));
        return found with { Source = layer, Channels = [.. Enumerable.Range(0, found.Channels.Length)] };
    }

    private static Arrangement Scaled(OnnxImport import, OnnxNode node, Arrangement found, double factor)
    {
        var name = import.Name(node, suffix: ".factor");
        var channels = found.Source.Image.Channels;
        using var values = tensor(Enumerable.Repeat((float)factor, channels).ToArray());
        return found with
        {
            Source = import.Add(
                new ScaleLayer(name, [found.Source.Name], channels),
                (name, values.reshape(channels, 1, 1))),
        };
    }
}
