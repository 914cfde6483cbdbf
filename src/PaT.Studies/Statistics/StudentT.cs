namespace PaT.Studies;

/// <summary>Student's t distribution.</summary>
internal static class StudentT
{
    /// <summary>Quantile.</summary>
    /// <param name="probability">0.5 to 1, 1 excluded.</param>
    /// <param name="degrees">Degrees of freedom, at least 1.</param>
    public static double Quantile(double probability, int degrees)
    {
        var (low, high) = (0.0, 1.0);
        while (Distribution(high, degrees) < probability)
        {
            high *= 2;
        }

        for (var i = 0; i < 200 && high - low > 1e-13 * high; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Distribution(middle, degrees) < probability ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>
    /// The fraction of the distribution below a value, by the finite sums for whole degrees of freedom (Abramowitz and
    /// Stegun, 26.7.3 and 26.7.4).
    /// </summary>
    /// <param name="t">The value, at least 0.</param>
    /// <param name="degrees">Degrees of freedom, at least 1.</param>
    public static double Distribution(double t, int degrees)
    {
        var angle = Math.Atan(t / Math.Sqrt(degrees));
        var (sin, cos) = Math.SinCos(angle);
        var odd = degrees % 2 == 1;
        var (term, sum) = odd ? (cos, degrees > 1 ? cos : 0) : (1.0, 1.0);
        for (var k = odd ? 3 : 2; k <= degrees - 2; k += 2)
        {
            term *= cos * cos * (k - 1) / k;
            sum += term;
        }

        var central = odd ? 2 / Math.PI * (angle + (sin * sum)) : sin * sum;
        return (1 + central) / 2;
    }
}
