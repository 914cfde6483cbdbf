using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Merges a sum or product with one constant per channel into the previous layer.</summary>
internal static class LayerChanges
{
    /// <summary>Adds one value to each output channel of a layer.</summary>
    /// <returns>False if a layer of this kind has no bias.</returns>
    public static bool Shift(OnnxImport import, string layer, Tensor values)
    {
        var made = import.Find(layer);
        if (made is ConvolutionLayer { Bias: false } convolution)
        {
            import.Replace(convolution with { Bias = true });
            import.SetWeight(layer + ".bias", values);
            return true;
        }
        if (made is not (ConvolutionLayer or LinearLayer or BatchNormLayer or LayerNormLayer or GroupNormLayer))
            return false;
        import.SetWeight(layer + ".bias", import.Weight(layer + ".bias").Plus(values));
        return true;
    }

    /// <summary>Multiplies each output channel of a norm.</summary>
    /// <returns>False for layers of other kinds.</returns>
    public static bool Scale(OnnxImport import, string layer, Tensor values)
    {
        if (import.Find(layer) is not (LayerNormLayer or GroupNormLayer)) return false;
        foreach (var name in (string[])[layer + ".weight", layer + ".bias"])
            import.SetWeight(name, import.Weight(name).mul(values));
        return true;
    }
}
