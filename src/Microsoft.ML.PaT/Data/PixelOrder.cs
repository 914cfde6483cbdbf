namespace Microsoft.ML.PaT;

/// <summary>Order of the values in a pixel vector.</summary>
public enum PixelOrder
{
    /// <summary>All red values row by row, then green, then blue: [C,H,W].</summary>
    PlanarRgb,

    /// <summary>Red, green and blue of each pixel together: [H,W,C].</summary>
    InterleavedRgb,
}
