namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Creates the axes of a <see cref="PruningSearchSpace"/>: a choice of values, or a range of numbers.
/// </summary>
public static class SearchAxis
{
    /// <summary>A choice of values.</summary>
    /// <param name="values">At least one value; all must be different.</param>
    public static SearchAxis<T> Of<T>(params IReadOnlyList<T> values) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(values, at: null);
    }

    /// <summary>A range of numbers with a uniform distribution, rounded to four digits.</summary>
    /// <param name="low">Lowest value, finite.</param>
    /// <param name="high">Highest value, greater than <paramref name="low"/>.</param>
    /// <param name="steps">Number of values in a grid, both ends included; 2 to 1000.</param>
    public static SearchAxis<double> Between(double low, double high, int steps = 5) =>
        Range(
            low,
            high,
            steps,
            position => low + position * (high - low),
            low < high ? null : $"goes from {Text(low)} to {Text(high)}; the first must be less");

    /// <summary>
    /// A range of numbers with a log-uniform distribution, rounded to four digits; suitable for learning rates.
    /// </summary>
    /// <param name="low">Lowest value, greater than 0.</param>
    /// <param name="high">Highest value, greater than <paramref name="low"/>.</param>
    /// <param name="steps">Number of values in a grid, both ends included; 2 to 1000.</param>
    public static SearchAxis<double> LogBetween(double low, double high, int steps = 5) =>
        Range(
            low,
            high,
            steps,
            position => low * Math.Pow(high / low, position),
            0 < low && low < high
                ? null
                : $"goes by magnitude from {Text(low)} to {Text(high)}; the first must be above 0 and less than the "
                    + "second");

    private static SearchAxis<double> Range(double low, double high, int steps, Func<double, double> at, string? error)
    {
        error =
            double.IsFinite(low) && double.IsFinite(high)
                ? error
                : $"goes from {Text(low)} to {Text(high)}; both must be finite";
        error ??= steps is >= 2 and <= 1000 ? null : $"has {steps} steps; there must be 2 to 1000";
        return new(
            error is null ? [.. Enumerable.Range(0, steps).Select(i => Rounded(at(i / (steps - 1.0))))] : [low],
            position => Rounded(at(position)))
        {
            Error = error,
        };
    }

    /// <summary>Rounds to four digits, so that the text of a trial's values is exact.</summary>
    private static double Rounded(double value)
    {
        if (value == 0) return 0;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 3);
        return double.Parse(
            Text(Math.Round(value / unit) * unit, "G4"), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Text(double value, string format = "R") =>
        value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
}
