namespace Microsoft.ML.PaT.Shared;

/// <summary>Maps values to positions along an axis and chooses round numbers for its ticks.</summary>
internal sealed class AxisScale
{
    private readonly double _from;
    private readonly double _to;

    /// <param name="low">Lowest value shown.</param>
    /// <param name="high">Highest value shown.</param>
    /// <param name="ticks">Approximate number of ticks.</param>
    /// <param name="whole">Whether ticks are integers.</param>
    /// <param name="outwards">Whether the axis extends to the next tick at both ends.</param>
    public AxisScale(
        double low, double high, double from, double to, int ticks, bool whole = false, bool outwards = true)
    {
        if (high - low < 1e-9)
        {
            // A constant is drawn in the middle of the chart.
            var margin = whole ? 1 : Math.Max(Math.Abs(high) * 0.1, 1e-3);
            (low, high) = (whole ? low : low - margin, high + margin);
        }
        var step = RoundStep((high - low) / ticks);
        if (whole)
        {
            step = Math.Max(1, Math.Round(step));
        }
        (Low, High) =
            outwards ? (Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step) : (low, high);
        (_from, _to) = (from, to);
        var first = Math.Ceiling(Low / step - 1e-9);
        var last = Math.Floor(High / step + 1e-9);
        Ticks = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
    }

    public double Low { get; }

    public double High { get; }

    public IReadOnlyList<double> Ticks { get; }

    public double Position(double value) => _from + (value - Low) / (High - Low) * (_to - _from);

    /// <summary>Rounds up to 1, 2 or 5 times a power of ten.</summary>
    private static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return (step / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * power;
    }
}
