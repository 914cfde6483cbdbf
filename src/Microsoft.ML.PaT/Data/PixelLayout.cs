using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Data;

/// <summary>Where the pixels of an image lie in a run of values: value = color offset + row * <paramref name="RowStep"/> + column * <paramref name="Step"/>.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="RowStep">Values from a pixel to the one below.</param>
/// <param name="Step">Values from a pixel to its right neighbor.</param>
/// <param name="Red">Offset of the red value of the first pixel.</param>
/// <param name="Green">Offset of its green value.</param>
/// <param name="Blue">Offset of its blue value.</param>
internal readonly record struct PixelLayout(int Height, int Width, int RowStep, int Step, int Red, int Green, int Blue)
{
    /// <summary>Red, green, blue, alpha; alpha is dropped, as ML.NET's <c>ExtractPixels</c> does.</summary>
    public static PixelLayout Rgba(int height, int width) => new(height, width, 4 * width, 4, 0, 1, 2);

    /// <summary>Blue, green, red, alpha; alpha is dropped.</summary>
    public static PixelLayout Bgra(int height, int width) => new(height, width, 4 * width, 4, 2, 1, 0);

    /// <summary>Red, green and blue side by side.</summary>
    public static PixelLayout InterleavedRgb(int height, int width) => new(height, width, 3 * width, 3, 0, 1, 2);

    /// <summary>All red values, then green, then blue.</summary>
    public static PixelLayout PlanarRgb(int height, int width) => new(height, width, width, 1, 0, height * width, 2 * height * width);

    /// <summary>Gray: the one value is all three colors.</summary>
    public static PixelLayout Gray(int height, int width) => new(height, width, width, 1, 0, 0, 0);

    /// <summary>A rectangle of the same pixels.</summary>
    /// <param name="top">Rows above it.</param>
    /// <param name="left">Columns to its left.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="width">Its columns.</param>
    public PixelLayout Part(int top, int left, int height, int width)
    {
        var origin = top * RowStep + left * Step;
        return new(height, width, RowStep, Step, Red + origin, Green + origin, Blue + origin);
    }

    /// <summary>The same pixels as a camera's orientation tag says they are to be seen: mirrored, turned, or both.</summary>
    /// <param name="exif">1 (as they lie) to 8, as EXIF counts.</param>
    /// <remarks>Example: 6, a telephone held upright. The first row seen, left to right, is the first column stored, bottom to top.</remarks>
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
