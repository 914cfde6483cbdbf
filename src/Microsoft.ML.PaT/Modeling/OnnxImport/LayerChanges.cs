using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Makes a sum or product with one constant a channel part of the layer before.</summary>
internal static class LayerChanges
{
    /// <summary>Adds one value to each channel that a layer gives.</summary>
    /// <returns>False where a layer of this kind has no shift.</returns>
    public static bool Shift(OnnxImport import, string layer, Tensor values)
    {
        var made = import.Find(layer);
        if (made is ConvolutionLayer { Bias: false } convolution)
        {
            import.Replace(convolution with { Bias = true });
            import.SetWeight(layer + ".bias", values);
            return true;
        }
        if (made is not (ConvolutionLayer or LinearLayer or BatchNormLayer or LayerNormLayer or GroupNormLayer)) return false;
        import.SetWeight(layer + ".bias", import.Weight(layer + ".bias").Plus(values));
        return true;
    }

    /// <summary>Multiplies each channel that a norm gives.</summary>
    /// <returns>False for layers of other kinds.</returns>
    public static bool Scale(OnnxImport import, string layer, Tensor values)
    {
        if (import.Find(layer) is not (LayerNormLayer or GroupNormLayer)) return false;
        foreach (var name in (string[])[layer + ".weight", layer + ".bias"]) import.SetWeight(name, import.Weight(name).mul(values));
        return true;
    }
}
