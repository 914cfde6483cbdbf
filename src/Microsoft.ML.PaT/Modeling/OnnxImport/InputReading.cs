using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Derives the network's normalization from the operators before the first layer.</summary>
internal static class InputReading
{
    /// <summary>Stores the scale and shift that were applied to pixels before a layer reads them.</summary>
    /// <exception cref="InvalidFileException">The pixels of a channel are normalized differently, or another
    /// layer reads them with another normalization.</exception>
    public static void Settle(OnnxImport import, OnnxNode node, ImportedView view)
    {
        var source = (LayerSource)view.Source;
        var numbers = view.Numbers();
        var (scale, shift) = (Values(view.Scale, numbers.Length, 1), Values(view.Shift, numbers.Length, 0));
        if (Array.Exists(scale, s => s <= 0))
            throw OnnxImport.Refuse(node, "pixels were expected to be multiplied by factors greater than 0");
        var normalization = import.Normalization is { } known
            ? (known.Scale.ToArray(), known.Shift.ToArray())
            : (Unknown(source), Unknown(source));
        for (var i = 0; i < numbers.Length; i++)
        {
            var channel = source.Channel(numbers[i]);
            if (!Agree(ref normalization.Item1[channel], scale[i])
                || !Agree(ref normalization.Item2[channel], shift[i]))
            {
                throw OnnxImport.Refuse(node, "every pixel of a channel was expected to be normalized in one way");
            }
        }
        import.Normalization = new(normalization.Item1, normalization.Item2);
    }

    /// <summary>Scales and shifts pixels that no layer has read.</summary>
    /// <param name="view">The pixels.</param>
    /// <param name="scale">Factors, of the shape of the pixels.</param>
    /// <param name="shift">Added after the factors, of the shape of the pixels.</param>
    public static ImportedView Affine(ImportedView view, Tensor scale, Tensor shift)
    {
        using var scope = NewDisposeScope();
        var (oldScale, oldShift) = (view.Scale ?? ones_like(scale), view.Shift ?? zeros_like(scale));
        using var factor = view.Factor.ToScalar();
        var whole = scale.mul(factor);
        return new(view.Source, view.Shape, view.IsInOrder ? null : view.Index())
        {
            Scale = oldScale.mul(whole).DetachFromDisposeScope(),
            Shift = oldShift.mul(whole).Plus(shift).DetachFromDisposeScope(),
        };
    }

    private static float[] Unknown(LayerSource source) => [.. Enumerable.Repeat(float.NaN, source.Image.Channels)];

    private static float[] Values(Tensor? values, int count, float otherwise)
    {
        if (values is null) return [.. Enumerable.Repeat(otherwise, count)];
        using var dense = values.contiguous();
        return dense.data<float>().ToArray();
    }

    private static bool Agree(ref float known, float value)
    {
        if (float.IsNaN(known)) known = value;
        return known == value;
    }
}
