using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT;

/// <summary>
/// How far colors are changed at random: each factor is uniform between 1 - x and 1 + x, drawn for each image, and applied in the order of the
/// properties. Results are cut to what a pixel can be.
/// </summary>
public sealed record ColorJitter
{
    /// <summary>Pixels are multiplied by the factor.</summary>
    /// <value>Fraction 0 to 1; default 0.</value>
    [InRange(0, 1, IsFraction = true)]
    public double Brightness { get; init; }

    /// <summary>The distance of pixels from the image's mean gray is multiplied by the factor.</summary>
    /// <value>Fraction 0 to 1; default 0.</value>
    [InRange(0, 1, IsFraction = true)]
    public double Contrast { get; init; }

    /// <summary>The distance of pixels from their own gray is multiplied by the factor.</summary>
    /// <value>Fraction 0 to 1; default 0.</value>
    [InRange(0, 1, IsFraction = true)]
    public double Saturation { get; init; }
}
