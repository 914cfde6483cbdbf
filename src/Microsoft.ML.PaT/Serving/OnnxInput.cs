namespace Microsoft.ML.PaT;

/// <summary>What the input of an exported model holds, always [N,C,H,W], planar RGB.</summary>
public enum OnnxInput
{
    /// <summary>Pixels as bytes, 0 to 255; the model normalizes them itself.</summary>
    Bytes,

    /// <summary>Pixels as floats, 0 to 255, as ML.NET's <c>ExtractPixels</c> writes them; the model normalizes them itself.</summary>
    Floats,

    /// <summary>Floats that the application has normalized: (pixel / 255 - mean) / standard deviation.</summary>
    Normalized,
}
