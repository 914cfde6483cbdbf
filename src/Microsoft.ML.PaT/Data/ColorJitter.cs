using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT;

/// <summary>
/// Strengths of random color changes. Each factor is drawn uniformly from 1 - x to 1 + x per image. The factors are
/// applied in the order of the properties, and results are clamped to the pixel range.
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
