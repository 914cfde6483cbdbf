namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Table of the quantile function of the symmetric Beta distribution, which maps uniform to Beta-distributed numbers.
/// </summary>
/// <remarks>
/// The density is x^(a-1) (1-x)^(a-1). With x = t^(1/p), p = min(a, 1), it is t^(a/p-1) (1-t^(1/p))^(a-1) in t, which
/// has no pole up to x = 1/2. It is integrated by the trapezoid rule; the other half is symmetric.
/// </remarks>
internal static class BetaQuantiles
{
    private const int Steps = 1 << 16;

    /// <param name="alpha">Both parameters of the distribution, greater than 0.</param>
    /// <param name="intervals">An even number; the table has values for 0, 1/intervals, ..., 1.</param>
    public static float[] Table(double alpha, int intervals)
    {
        var power = Math.Min(alpha, 1);
        var end = Math.Pow(0.5, power);
        var sums = new double[Steps + 1];
        for (var i = 1; i <= Steps; i++)
            sums[i] = sums[i - 1] + Density(end * (i - 1) / Steps) + Density(end * i / Steps);

        var table = new float[intervals + 1];
        var below = 0;
        for (var i = 0; i <= intervals / 2; i++)
        {
            var wanted = sums[Steps] * 2 * i / intervals;
            while (below < Steps - 1 && sums[below + 1] < wanted) below++;
            var t = end * (below + (wanted - sums[below]) / (sums[below + 1] - sums[below])) / Steps;
            table[i] = (float)Math.Pow(t, 1 / power);
            table[intervals - i] = 1 - table[i];
        }
        return table;

        double Density(double t) => Math.Pow(t, alpha / power - 1) * Math.Pow(1 - Math.Pow(t, 1 / power), alpha - 1);
    }
}
