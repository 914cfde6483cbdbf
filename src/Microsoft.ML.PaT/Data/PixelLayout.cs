namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Layout of an image's values: index = color offset + row * <paramref name="RowStep"/> + column * <paramref
/// name="Step"/>.
/// </summary>
/// <param name="RowStep">Distance to the pixel below, in values.</param>
/// <param name="Red">Offset of the red value of the first pixel.</param>
internal readonly record struct PixelLayout(int Height, int Width, int RowStep, int Step, int Red, int Green, int Blue)
{
    /// <summary>Red, green, blue, alpha. Alpha is ignored, as in ML.NET's <c>ExtractPixels</c>.</summary>
    public static PixelLayout Rgba(int height, int width) => new(height, width, 4 * width, 4, 0, 1, 2);

    /// <summary>Blue, green, red, alpha. Alpha is ignored.</summary>
    public static PixelLayout Bgra(int height, int width) => new(height, width, 4 * width, 4, 2, 1, 0);

    /// <summary>[H,W,3].</summary>
    public static PixelLayout InterleavedRgb(int height, int width) => new(height, width, 3 * width, 3, 0, 1, 2);

    /// <summary>[3,H,W].</summary>
    public static PixelLayout PlanarRgb(int height, int width) =>
        new(height, width, width, 1, 0, height * width, 2 * height * width);

    /// <summary>The gray value is used for all three colors.</summary>
    public static PixelLayout Gray(int height, int width) => new(height, width, width, 1, 0, 0, 0);

    /// <summary>A rectangle of the same pixels.</summary>
    public PixelLayout Part(int top, int left, int height, int width)
    {
        var origin = top * RowStep + left * Step;
        return new(height, width, RowStep, Step, Red + origin, Green + origin, Blue + origin);
    }

    /// <summary>Applies an EXIF orientation: mirrored, rotated, or both.</summary>
    /// <param name="exif">1 (unchanged) to 8, as defined by EXIF.</param>
    /// <remarks>
    /// Example: 6, a phone in portrait orientation. The first row, left to right, is the first stored column, bottom to
    /// top.
    /// </remarks>
    public PixelLayout Oriented(int exif)
    {
        var (rowsBackwards, columnsBackwards) = (exif is 3 or 4 or 6 or 7, exif is 2 or 3 or 7 or 8);
        var origin = (rowsBackwards ? (Height - 1) * RowStep : 0) + (columnsBackwards ? (Width - 1) * Step : 0);
        var (rowStep, step) = (rowsBackwards ? -RowStep : RowStep, columnsBackwards ? -Step : Step);
        return exif < 5
            ? new(Height, Width, rowStep, step, Red + origin, Green + origin, Blue + origin)
            : new(Width, Height, step, rowStep, Red + origin, Green + origin, Blue + origin);
    }
}
