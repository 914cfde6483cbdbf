namespace Microsoft.ML.PaT;

/// <summary>How the values of a pixel vector are laid out.</summary>
public enum PixelOrder
{
    /// <summary>All red values row by row, then green, then blue: [C,H,W].</summary>
    PlanarRgb,

    /// <summary>Red, green and blue of a pixel side by side: [H,W,C].</summary>
    InterleavedRgb,
}
