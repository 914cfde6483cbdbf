namespace Microsoft.ML.PaT.Pruning;

/// <summary>
/// Derives the threshold of the Early Pruning Indicator from the run: the value that the indicator would have if widths
/// changed as a random walk. With D1 the mean of 1 - Psi between neighboring observations over the last r of them,
/// tau = 1 - D1 * (1/r) * sum for j = 1..r of sqrt(j): in j observations, a random walk moves sqrt(j) times as far as
/// in one, a drift j times (docs/decisions/automatic-tau.md).
/// </summary>
internal sealed class AutomaticTau
{
    private readonly Queue<double> _steps = [];

    /// <param name="window">r, the window of the indicator; at least 1.</param>
    public AutomaticTau(int window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        Window = window;
    }

    /// <summary>r, the window of the indicator.</summary>
    public int Window { get; }

    /// <summary>
    /// (1/r) * sum for j = 1..r of sqrt(j): mean distance of a random walk to the r observations before, relative to
    /// one step; 1.676 for r = 5.
    /// </summary>
    public double Spread => Enumerable.Range(1, Window).Average(j => Math.Sqrt(j));

    /// <summary>Adds the similarity of the current sub-network to the previous one.</summary>
    /// <param name="psi">Psi of two neighboring observations, 0 to 1.</param>
    /// <returns>tau, 0 to 1; null until r similarities are known.</returns>
    public double? Observe(double psi)
    {
        if (!(psi is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(psi), psi, "Psi is a fraction between 0 and 1.");
        _steps.Enqueue(1 - psi);
        if (_steps.Count > Window) _steps.Dequeue();
        return _steps.Count < Window ? null : Math.Max(0, 1 - Spread * _steps.Average());
    }
}
