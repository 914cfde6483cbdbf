namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// A density on one axis, 0 to 1: the mean of a uniform density and one kernel per observed point. On a choice, a
/// kernel covers its point's value. On a range, it is a logistic distribution truncated at both ends, whose scale is
/// the larger distance to a neighbor; its integral and inverse have closed forms.
/// </summary>
internal sealed class ParzenEstimator
{
    private readonly int? _choices;
    private readonly double[] _points;
    private readonly double[] _scales;

    /// <param name="choices">Number of values of the axis, which have equal widths; null for a range.</param>
    /// <param name="points">Observed positions, 0 to 1; may be empty.</param>
    public ParzenEstimator(int? choices, IEnumerable<double> points)
    {
        _choices = choices;
        _points = [.. points.Order()];
        // At least the spacing of uniform points, so that a few close neighbors do not give a narrow peak.
        var least = 1.0 / (1 + Math.Min(100, _points.Length));
        _scales = [.. _points.Select((x, i) =>
        {
            var left = x - (i > 0 ? _points[i - 1] : 0);
            var right = (i + 1 < _points.Length ? _points[i + 1] : 1) - x;
            return Math.Clamp(Math.Max(left, right), least, 1) * Math.Sqrt(3) / Math.PI; // from the standard deviation
        })];
    }

    /// <summary>Density at a position; integrates to 1 over 0 to 1.</summary>
    public double Density(double x)
    {
        var sum = 1.0;
        for (var i = 0; i < _points.Length; i++)
            sum += _choices is { } n ? (Choice(x, n) == Choice(_points[i], n) ? n : 0) : Kernel(i, x);
        return sum / (_points.Length + 1);
    }

    /// <summary>Draws a position.</summary>
    public double Sample(Random random)
    {
        var i = random.Next(_points.Length + 1);
        var u = random.NextDouble();
        if (i == _points.Length) return u;
        if (_choices is { } n) return (Choice(_points[i], n) + u) / n;
        var (from, to) = (Below(i, 0), Below(i, 1));
        var at = from + u * (to - from);
        return Math.Clamp(_points[i] + _scales[i] * Math.Log(at / (1 - at)), 0, 1);
    }

    private static int Choice(double x, int choices) => Math.Min((int)(x * choices), choices - 1);

    private double Kernel(int i, double x)
    {
        var below = Below(i, x);
        return below * (1 - below) / _scales[i] / (Below(i, 1) - Below(i, 0));
    }

    /// <summary>The logistic distribution function without truncation.</summary>
    private double Below(int i, double x) => 1 / (1 + Math.Exp((_points[i] - x) / _scales[i]));
}
