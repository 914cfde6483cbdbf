using Microsoft.ML.PaT.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Imports sums and products of a value and a constant: image normalization, a bias or scale that is merged into the
/// previous layer, a factor per channel, a position embedding, or a bias of attention scores.
/// </summary>
internal static class AffineImport
{
    /// <summary>Adds a constant.</summary>
    /// <param name="input">Index of the value among the node's inputs.</param>
    /// <param name="sign">1, or -1 to subtract.</param>
    public static ImportedView Add(
        OnnxImport import, OnnxNode node, int input, ImportedView view, ImportedConstant constant, int sign)
    {
        using var scope = NewDisposeScope();
        using var factor = ((double)sign).ToScalar();
        using var value = Broadcast(node, view, constant);
        var (shifted, shift) = (value.View, value.Constant.mul(factor));
        if (shifted.Source is AttentionScores scores) return scores.Plus(node, shifted, shift);
        if (shifted.Source is LayerSource { IsInput: true })
            return InputReading.Affine(shifted, ones_like(shift), shift);
        if (constant.Uniform() == 0) return shifted.Times(1);
        var (found, values) = OfChannels(import, node, shifted, shift, 1, -1);
        var channels = found.Channels.Length;
        if (Vector(values, channels) is not { } vector) return Positions(import, node, found, values, constant.Name);
        if (found.Source == shifted.Source && import.IsReadOnce(node, input, found.Source)
            && LayerChanges.Shift(import, found.Source.Name, tensor(vector)))
        {
            return shifted.Times(1);
        }
        // A scale layer with factor 1 and a bias.
        var name = import.Name(node, constant.Name);
        var layer =
            new ConvolutionLayer(name, [found.Source.Name], channels, channels, 1, 1, 0, Bias: true, Groups: channels);
        return found.Of(
            import.Add(
                layer, (name + ".weight", ones(channels, 1, 1, 1, dtype: float32)), (name + ".bias", tensor(vector))));
    }

    /// <summary>Multiplies or divides by a constant.</summary>
    /// <param name="input">Index of the value among the node's inputs.</param>
    /// <param name="isDivisor">Whether to divide.</param>
    public static ImportedView Multiply(
        OnnxImport import, OnnxNode node, int input, ImportedView view, ImportedConstant constant, bool isDivisor)
    {
        using var scope = NewDisposeScope();
        using var value = Broadcast(node, view, constant);
        var (scaled, scale) = (value.View, isDivisor ? value.Constant.reciprocal() : value.Constant);
        if (scaled.Source is AttentionScores scores) return scores.Times(node, scaled, scale);
        if (scaled.Source is LayerSource { IsInput: true })
            return InputReading.Affine(scaled, scale, zeros_like(scale));
        if (constant.Uniform() is { } factor) return scaled.Times(isDivisor ? 1.0 / factor : factor);
        var (found, values) = OfChannels(import, node, scaled, scale, 1, -1);
        var channels = found.Channels.Length;
        var vector = Vector(values, channels) ?? throw OnnxImport.Refuse(node, "one factor per channel was expected");
        if (found.Source == scaled.Source && import.IsReadOnce(node, input, found.Source)
            && LayerChanges.Scale(import, found.Source.Name, tensor(vector)))
        {
            return scaled.Times(1);
        }
        var name = import.Name(node, constant.Name);
        return found.Of(
            import.Add(
                new ScaleLayer(name, [found.Source.Name], channels), (name, tensor(vector).reshape(channels, 1, 1))));
    }

    private static Operands Broadcast(OnnxNode node, ImportedView view, ImportedConstant constant)
    {
        var shape = Movement.Expanded(node, view.Shape, constant.Shape);
        return new(view.Moved(x => x.expand(shape)), constant.Value.to(ScalarType.Float32).expand(shape).contiguous());
    }

    /// <summary>Returns the value arranged by channels, and the constant as [pixels,channels].</summary>
    private static (Arrangement, float[]) OfChannels(
        OnnxImport import, OnnxNode node, ImportedView view, Tensor constant, params ReadOnlySpan<int> axes)
    {
        var found = import.Read(node, view, axes);
        return (found, constant.movedim([found.Axis], [-1]).contiguous().data<float>().ToArray());
    }

    /// <summary>Returns one value per channel, or null if the pixels of a channel differ.</summary>
    private static float[]? Vector(float[] values, int channels)
    {
        for (var i = channels; i < values.Length; i++)
        {
            if (values[i] != values[i - channels]) return null;
        }
        return values[..channels];
    }

    private static ImportedView Positions(
        OnnxImport import, OnnxNode node, Arrangement found, float[] values, string? constantName)
    {
        var (source, channels) = (found.Source, found.Source.Image.Channels);
        if (source.Image.Height != 1)
        {
            throw OnnxImport.Refuse(
                node,
                $"one value per channel was expected, or a position embedding of tokens in a row; '{source.Name}' "
                    + $"gives {source.Image}");
        }
        var embedding = new float[source.Pixels * channels];
        for (var row = 0; row < found.Sites.Length; row++)
        {
            var token = embedding.AsSpan(found.Sites[row] % source.Pixels * channels, channels);
            var own = values.AsSpan(row * channels, channels);
            if (found.Sites[row] >= source.Pixels && !token.SequenceEqual(own))
                throw OnnxImport.Refuse(node, "the same position embedding for all images was expected");
            own.CopyTo(token);
        }
        var name = import.Name(node, constantName);
        var layer = new PositionEmbeddingLayer(name, [source.Name], channels, source.Pixels);
        return found.Of(import.Add(layer, (name, tensor(embedding).reshape(1, source.Pixels, channels))));
    }

    private readonly record struct Operands(ImportedView View, Tensor Constant) : IDisposable
    {
        public void Dispose() => View.Dispose();
    }
}
