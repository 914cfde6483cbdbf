namespace Microsoft.ML.PaT;

/// <summary>Content of an exported model's input, always [N,C,H,W], planar RGB.</summary>
public enum OnnxInput
{
    /// <summary>Pixels as bytes, 0 to 255; the model normalizes them.</summary>
    Bytes,

    /// <summary>Pixels as floats, 0 to 255, as from ML.NET's <c>ExtractPixels</c>; the model normalizes them.</summary>
    Floats,

    /// <summary>Floats that the application has normalized: (pixel / 255 - mean) / standard deviation.</summary>
    Normalized,
}
