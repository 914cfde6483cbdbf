namespace Microsoft.ML.PaT;

/// <summary>Where the colours of a picture lie in a run of values, row after row without gaps.</summary>
/// <param name="Step">Values from a pixel to its right neighbour.</param>
/// <param name="Red">Offset of the first red value.</param>
/// <param name="Green">Offset of the first green value.</param>
/// <param name="Blue">Offset of the first blue value.</param>
internal readonly record struct PixelLayout(int Step, int Red, int Green, int Blue)
{
    /// <summary>Red, green, blue, alpha; alpha is dropped, as ML.NET's <c>ExtractPixels</c> does.</summary>
    public static PixelLayout Rgba => new(4, 0, 1, 2);

    /// <summary>Blue, green, red, alpha; alpha is dropped.</summary>
    public static PixelLayout Bgra => new(4, 2, 1, 0);

    /// <summary>Red, green, blue side by side.</summary>
    public static PixelLayout InterleavedRgb => new(3, 0, 1, 2);

    /// <summary>Grey: the one value is all three colours.</summary>
    public static PixelLayout Grey => new(1, 0, 0, 0);

    /// <summary>All red values, then green, then blue.</summary>
    /// <param name="pixels">Height times width.</param>
    public static PixelLayout PlanarRgb(int pixels) => new(1, 0, pixels, 2 * pixels);
}
