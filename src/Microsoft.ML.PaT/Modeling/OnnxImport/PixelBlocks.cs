using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Imports values that concatenate the channels of several pixels, as patch merging does: one layer per pixel, then a
/// concatenation.
/// </summary>
internal static class PixelBlocks
{
    /// <returns>Null if the value is of another kind.</returns>
    public static Arrangement? TryRead(OnnxImport import, OnnxNode node, ImportedView view, int axis)
    {
        if (view.Source is not LayerSource source || view.Count == 0) return null;
        var starts = Starts(view, source, axis);
        // As many blocks as channels would be a flattened image.
        if (starts.Count < 2 || starts.Count > 16) return null;
        var parts = new List<Arrangement>();
        for (var i = 0; i < starts.Count; i++)
        {
            var end = i + 1 < starts.Count ? starts[i + 1] : view.Shape[axis];
            using var block = view.Moved(index => index.narrow(axis, starts[i], end - starts[i]));
            if (Arrangement.Of(block, axis) is null) return null;
            parts.Add(import.Read(node, block, axis));
        }
        if (parts.Exists(p => !p.HasAllSitesInOrder || p.Sites.Length != parts[0].Sites.Length)) return null;
        var joined = import.Add(
            new ConcatenateLayer(import.Name(node, suffix: ".blocks"), [.. parts.Select(p => p.Source.Name)]));
        return new(joined, view.Shape, axis, [.. Enumerable.Range(0, joined.Image.Channels)], parts[0].Sites);
    }

    /// <summary>Indices along the axis at which another pixel starts.</summary>
    private static List<long> Starts(ImportedView view, LayerSource source, int axis)
    {
        using var index = view.Index();
        using var last = index.movedim([axis], [-1]);
        using var dense = last.contiguous();
        var row = dense.data<long>().ToArray().AsSpan(0, (int)view.Shape[axis]);
        var starts = new List<long> { 0 };
        for (var i = 1; i < row.Length; i++)
        {
            if (source.Site(row[i]) != source.Site(row[i - 1])) starts.Add(i);
        }
        return starts;
    }
}
