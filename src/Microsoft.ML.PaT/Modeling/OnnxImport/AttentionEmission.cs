using Microsoft.ML.PaT.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Creates an attention layer and merges the linear layers of queries, keys and values into its weight.
/// </summary>
internal static class AttentionEmission
{
    /// <exception cref="InvalidFileException">Queries, keys and values are not linear in the same input, or the
    /// windows or biases of the scores are of an unknown kind.</exception>
    public static LayerSource Add(
        OnnxImport import,
        OnnxNode node,
        AttentionScores scores,
        AttentionPart[] values,
        AttentionLayout layout,
        double valueFactor)
    {
        using var scope = NewDisposeScope();
        var (first, width) = (layout.First, layout.HeadWidth);
        // The layer divides by the square root of the head width; the file's other factors are merged into the queries.
        var (queries, input) =
            Rows(import, node, [.. first.Select(p => scores.Queries[p])], scores.Factor * Math.Sqrt(width));
        var (keys, keyInput) = Rows(import, node, [.. first.Select(p => scores.Keys[p])], 1);
        var (rows, valueInput) = Rows(import, node, [.. first.Select(p => values[p])], valueFactor);
        if (keyInput != input || valueInput != input)
        {
            throw OnnxImport.Refuse(
                node,
                $"queries, keys and values of one layer were expected, not of '{input}', '{keyInput}' and "
                    + $"'{valueInput}'");
        }
        var (weight, bias) =
            (cat([queries.Weight, keys.Weight, rows.Weight], 0), cat([queries.Bias, keys.Bias, rows.Bias], 0));

        var image = import.ShapeOf(input);
        var name = import.Name(
            node with { Name = node.Name.Contains('/') ? node.Name[..node.Name.LastIndexOf('/')] : node.Name });
        var images = import.Images;
        var pixels = image.Height * image.Width;
        if (scores.Bias is null && layout.Windows.Count == images && scores.Tokens == pixels
            && layout.Windows.Index().All(w => Array.TrueForAll(w.Item, site => site / pixels == w.Index)))
        {
            var layer = new AttentionLayer(name, [input], image.Channels, first.Length, width);
            return import.Add(layer, (name + ".in_proj_weight", weight), (name + ".in_proj_bias", bias));
        }
        var window = WindowLayout.Of(import, node, scores, layout, image);
        var windowed = new WindowAttentionLayer(
            name,
            [input],
            image.Channels,
            first.Length,
            width,
            window.Height,
            window.Width,
            window.ShiftHeight,
            window.ShiftWidth,
            window.Grid);
        return import.Add(
            windowed, (name + ".in_proj_weight", weight), (name + ".in_proj_bias", bias),
            (name + ".relative_position_bias_table", tensor(window.Table).reshape(-1, first.Length)));
    }

    private static ((Tensor Weight, Tensor Bias) Rows, string Input) Rows(
        OnnxImport import, OnnxNode node, AttentionPart[] heads, double factor)
    {
        var name = heads[0].Source.Name;
        var layer = import.Find(name);
        if (layer is not (LinearLayer
            or ConvolutionLayer { Kernel: 1, KernelWidth: null or 1, Stride: 1, Groups: 1, Padding: 0 }))
        {
            throw OnnxImport.Refuse(node, $"queries, keys and values of linear layers were expected, not of '{name}'");
        }
        using var times = factor.ToScalar();
        var channels = tensor(heads.SelectMany(h => h.Channels).Select(c => (long)c).ToArray());
        var weight = import.Weight(name + ".weight");
        var bias = layer is ConvolutionLayer { Bias: false }
            ? zeros(weight.shape[0], dtype: ScalarType.Float32)
            : import.Weight(name + ".bias");
        return (
            (
                weight.reshape(weight.shape[0], -1).index_select(0, channels).mul(times),
                bias.index_select(0, channels).mul(times)),
            layer.Inputs[0]);
    }
}
