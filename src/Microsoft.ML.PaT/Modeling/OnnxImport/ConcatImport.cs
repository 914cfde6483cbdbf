using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Imports Concat: parts of one layer that are joined again, channels of several layers, or a class token before the
/// others.
/// </summary>
internal static class ConcatImport
{
    public static IEnumerable<(string Operator, Func<OnnxImport, OnnxNode, ImportedValue[]> Import)> Operators =>
        [("Concat", Concat), (Fusions.ClassToken, Row)];

    public static ImportedConstant Constants(OnnxImport import, OnnxNode node)
    {
        using var scope = NewDisposeScope();
        Tensor[] parts = [.. Enumerable.Range(0, node.Inputs.Count).Select(i => import.Constant(node, i).Value)];
        Movement.RequireSize(node, parts.Sum(p => p.numel()));
        return new(cat(parts, Movement.Axis(node, node.Integer("axis", 0), (int)parts[0].dim())));
    }

    private static ImportedValue[] Concat(OnnxImport import, OnnxNode node)
    {
        ImportedValue[] parts = [.. Enumerable.Range(0, node.Inputs.Count).Select(i => import.Value(node, i))];
        var rank = parts[0].Shape.Length;
        var axis = Movement.Axis(node, node.Integer("axis", 0), rank);
        if (parts is [ImportedConstant token, ImportedView tokens])
            return [ClassToken(import, node, token, tokens, axis, channels: 2)];
        ImportedView[] views = [.. parts.Select((_, i) => import.View(node, i))];
        if (Array.Exists(views, v => v.Shape.Length != rank))
            throw OnnxImport.Refuse(node, "inputs with as many dimensions were expected");
        if (Array.TrueForAll(views, v => v.Source == views[0].Source && v.Factor == views[0].Factor))
        {
            Movement.RequireSize(node, views.Sum(v => v.Count));
            return [OfOneSource(views, axis)];
        }
        var found = Array.ConvertAll(views, v => import.Read(node, v, axis));
        if (Array.Exists(found, f => !f.Sites.AsSpan().SequenceEqual(found[0].Sites)))
            throw OnnxImport.Refuse(node, "channels of several layers were expected, their pixels in the same order");
        var joined = import.Add(new ConcatenateLayer(import.Name(node), [.. found.Select(f => f.Source.Name)]));
        return [found[0].Of(joined)];
    }

    private static ImportedView OfOneSource(ImportedView[] views, int axis)
    {
        using var scope = NewDisposeScope();
        using var joined = ImportedView.Of(views[0].Source, cat([.. views.Select(v => v.Index())], axis));
        var result = joined.Times(views[0].Factor);
        if (Array.TrueForAll(views, v => v.Scale is null)) return result;
        using (result)
        {
            return InputReading.Affine(result, Joined(v => v.Scale, 1), Joined(v => v.Shift, 0));
        }

        Tensor Joined(Func<ImportedView, Tensor?> part, float otherwise) =>
            cat([.. views.Select(v => part(v) ?? tensor(otherwise).expand(v.Shape))], axis);
    }

    private static ImportedValue[] Row(OnnxImport import, OnnxNode node) =>
        [ClassToken(import, node, import.Constant(node, 1), import.View(node, 0), axis: 3, channels: 1)];

    /// <summary>Imports a learned token that precedes the tokens of the pixels.</summary>
    /// <param name="tokens">The pixels, in row order.</param>
    private static ImportedView ClassToken(
        OnnxImport import, OnnxNode node, ImportedConstant token, ImportedView tokens, int axis, int channels)
    {
        var found = channels < tokens.Shape.Length ? import.TryRead(node, tokens, channels) : null;
        if (found is not { HasAllSitesInOrder: true } || tokens.Shape.Length <= axis
            || token.Shape.Length != tokens.Shape.Length || token.Shape[channels] != tokens.Shape[channels]
            || token.Shape[axis] != 1 || tokens.Shape[axis] != found.Source.Pixels)
        {
            throw OnnxImport.Refuse(
                node, "one constant token before those of the pixels in order was expected, [N,1,C] and [N,L,C]");
        }
        var width = found.Source.Image.Channels;
        var name = import.Name(node, token.Name);
        using var first = token.Value.narrow(0, 0, 1);
        using var same = first.expand(token.Shape);
        if (!same.Equals(token.Value)) throw OnnxImport.Refuse(node, "the same token for all images was expected");
        var layer =
            import.Add(new ClassTokenLayer(name, [found.Source.Name], width), (name, first.reshape(1, 1, width)));
        long[] shape = [.. tokens.Shape];
        shape[axis]++;
        return new Arrangement(layer, shape, channels, [], [.. Enumerable.Range(0, layer.Sites)]).Of(layer);
    }
}
