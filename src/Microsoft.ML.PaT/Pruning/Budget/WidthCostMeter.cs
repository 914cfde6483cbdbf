namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>A <see cref="WidthCost"/> while channels are removed.</summary>
/// <param name="full">Cost of the unpruned network.</param>
/// <param name="linear">Cost of each channel of each group.</param>
/// <param name="terms">The costs that depend on several widths.</param>
/// <param name="uses">The terms of each group.</param>
internal sealed class WidthCostMeter(
    double full,
    double[][] linear,
    IReadOnlyList<WidthCostMeter.Term> terms,
    IReadOnlyList<WidthCostMeter.Use>[] uses)
{
    private readonly int[][] _widths = [.. terms.Select(t => (int[])t.Widths.Clone())];
    private readonly double[] _values = [.. terms.Select(t => t.Value(t.Widths))];

    public double Value { get; private set; } = full;

    public void Remove(int group, ReadOnlySpan<int> channels)
    {
        foreach (var channel in channels) Value -= linear[group][channel];
        foreach (var (term, counts) in uses[group])
        {
            Narrow(_widths[term.Index], counts, channels);
            var value = term.Value(_widths[term.Index]);
            Value += value - _values[term.Index];
            _values[term.Index] = value;
        }
    }

    /// <summary>
    /// Groups that share a term with each group, including itself: removing channels of one changes the savings of the
    /// other.
    /// </summary>
    public int[][] Neighbors()
    {
        var byTerm = Enumerable.Range(0, uses.Length)
            .SelectMany(g => uses[g].Select(u => (u.Term.Index, Group: g)))
            .ToLookup(u => u.Index, u => u.Group);
        return [.. uses.Select(own => own.SelectMany(u => byTerm[u.Term.Index]).Distinct().ToArray())];
    }

    /// <summary>Cost that removing channels of a group would save now.</summary>
    public double Saving(int group, ReadOnlySpan<int> channels)
    {
        var saving = 0.0;
        foreach (var channel in channels) saving += linear[group][channel];
        foreach (var (term, counts) in uses[group])
        {
            var widths = (int[])_widths[term.Index].Clone();
            Narrow(widths, counts, channels);
            saving += _values[term.Index] - term.Value(widths);
        }
        return saving;
    }

    private static void Narrow(int[] widths, int[][] counts, ReadOnlySpan<int> channels)
    {
        for (var dimension = 0; dimension < widths.Length; dimension++)
        {
            foreach (var channel in channels) widths[dimension] -= counts[dimension][channel];
        }
    }

    /// <summary>A cost that depends on several widths.</summary>
    public sealed record Term(int Index, int[] Widths, Func<int[], double> Value);

    /// <summary>Contribution of each channel of a group to each width of a term.</summary>
    public sealed record Use(Term Term, int[][] Counts);
}
