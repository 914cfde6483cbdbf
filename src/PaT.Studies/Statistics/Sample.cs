namespace PaT.Studies;

/// <summary>Count, mean and spread of a few measurements of the same quantity.</summary>
/// <param name="Count">Number of measurements.</param>
/// <param name="Mean">Their mean; NaN without measurements.</param>
/// <param name="Deviation">Their standard deviation, with n - 1; NaN for fewer than two.</param>
public readonly record struct Sample(int Count, double Mean, double Deviation)
{
    private const double Confidence = 0.95;

    /// <summary>
    /// Half-width of the 95% confidence interval of the mean, by Student's t; NaN for fewer than two.
    /// </summary>
    public double Margin => Count < 2
        ? double.NaN
        : StudentT.Quantile((1 + Confidence) / 2, Count - 1) * Deviation / Math.Sqrt(Count);

    /// <summary>The sample of some measurements.</summary>
    public static Sample Of(IEnumerable<double> values)
    {
        var all = values.ToList();
        var mean = all.Count == 0 ? double.NaN : all.Average();
        var deviation = all.Count < 2 ? double.NaN : Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Count - 1));
        return new Sample(all.Count, mean, deviation);
    }

    /// <summary>The sample of paired differences. Seeds that only one side has are left out.</summary>
    /// <param name="one">Values by seed.</param>
    /// <param name="other">Values by seed to subtract.</param>
    public static Sample OfDifferences(IReadOnlyDictionary<int, double> one, IReadOnlyDictionary<int, double> other) =>
        Of(one.Where(v => other.ContainsKey(v.Key)).Select(v => v.Value - other[v.Key]));
}
