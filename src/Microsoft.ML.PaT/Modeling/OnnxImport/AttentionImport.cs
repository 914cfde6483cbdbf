using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Imports the products and the softmax of attention: an <see cref="AttentionLayer"/>, or a
/// <see cref="WindowAttentionLayer"/> if tokens attend only to some of the others.
/// </summary>
internal static class AttentionImport
{
    public static IEnumerable<(string Operator, Func<OnnxImport, OnnxNode, ImportedValue[]> Import)> Operators =>
        [("Softmax", Softmax)];

    /// <summary>Imports the product of queries and keys, or of weights and values.</summary>
    public static ImportedView Product(OnnxImport import, OnnxNode node, ImportedView left, ImportedView right)
    {
        if (right.Source is AttentionScores)
        {
            using var transposed = Product(import, node, Transposed(right), Transposed(left));
            return transposed.Moved(x => x.transpose(-1, -2));
        }
        if (left.Source is AttentionScores scores) return Heads(import, node, scores, left, right);
        using var keys = Transposed(right);
        if (AttentionPart.Of(left) is not { } queryParts || AttentionPart.Of(keys) is not { } keyParts
            || queryParts.Length != keyParts.Length)
        {
            throw OnnxImport.Refuse(node, "the queries and keys of attention were expected, or a constant matrix");
        }
        if (!HaveSameTokens(queryParts, keyParts))
            throw OnnxImport.Refuse(node, "queries and keys of the same tokens were expected");
        return new(
            new AttentionScores(queryParts, keyParts, left.Factor * right.Factor),
            [.. left.Shape[..^1], left.Shape[^2]]);
    }

    private static ImportedValue[] Softmax(OnnxImport import, OnnxNode node)
    {
        var view = import.View(node, 0);
        var axis = Movement.Axis(node, node.Integer("axis", import.Model.Opset < 13 ? 1 : -1), view.Shape.Length);
        return view.Source is AttentionScores scores && axis == view.Shape.Length - 1
            ? [scores.Softmax(node, view)]
            : throw OnnxImport.Refuse(
                node, "the softmax of attention, over keys, was expected, or one at the end of the network");
    }

    private static bool HaveSameTokens(AttentionPart[] one, AttentionPart[] other) =>
        one.Zip(other).All(p =>
            p.First.Sites.AsSpan().SequenceEqual(p.Second.Sites)
            && p.First.Channels.Length == p.Second.Channels.Length);

    private static ImportedView Heads(
        OnnxImport import, OnnxNode node, AttentionScores scores, ImportedView weights, ImportedView values)
    {
        if (!scores.AreWeights || !weights.IsInOrder || weights.Factor != 1
            || AttentionPart.Of(values) is not { } parts || parts.Length != scores.Queries.Length
            || !HaveSameTokens(parts, scores.Queries))
        {
            throw OnnxImport.Refuse(node, "the weights of attention times the values of the same tokens were expected");
        }
        var layout = AttentionLayout.Of(node, scores, parts);
        var layer = AttentionEmission.Add(import, node, scores, parts, layout, values.Factor);

        // [parts,tokens,width], as in the product.
        var (width, numbers) = (layout.HeadWidth, new long[values.Count]);
        for (var part = 0; part < parts.Length; part++)
        {
            for (var i = 0; i < scores.Tokens * width; i++)
            {
                numbers[part * scores.Tokens * width + i] =
                    layer.Element(layout.Head[part] * width + i % width, parts[part].Sites[i / width]);
            }
        }
        using var flat = tensor(numbers);
        using var index = flat.reshape(values.Shape);
        return ImportedView.Of(layer, index);
    }

    private static ImportedView Transposed(ImportedView view) => view.Moved(x => x.transpose(-1, -2));
}
