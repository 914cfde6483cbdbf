using Microsoft.ML.PaT.Modeling.OnnxImport;

namespace Microsoft.ML.PaT.Pruning;

/// <summary>
/// A threshold for the Early Pruning Indicator from the run itself: what the indicator would be if widths moved without
/// direction. With D1 the mean of 1 - Psi between neighboring observations over the last r of them, tau = 1 - D1 *
/// (1/r) * sum for j = 1..r of sqrt(j): widths that wander are sqrt(j) times as far from where they were j observations
/// ago, widths that drift j times (docs/decisions/automatic-tau.md). Pure arithmetic.
/// </summary>
internal sealed class AutomaticTau
{
    private readonly Queue<double> _steps = [];

    /// <summary>Starts without history.</summary>
    /// <param name="window">r, the window of the indicator; at least 1.</param>
    public AutomaticTau(int window = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        Window = window;
    }

    /// <summary>r, the window of the indicator.</summary>
    public int Window { get; }

    /// <summary>
    /// (1/r) * sum for j = 1..r of sqrt(j): how much further the window sees a wandering structure move than one
    /// observation does; 1.676 for r = 5.
    /// </summary>
    public double Spread => Enumerable.Range(1, Window).Average(j => Math.Sqrt(j));

    /// <summary>Takes in the similarity of the present structure to the one before.</summary>
    /// <param name="psi">Psi of two neighboring observations, 0 to 1.</param>
    /// <returns>tau, at most 1 and 0 at least; NaN until r similarities are known.</returns>
    public double Observe(double psi)
    {
        if (!(psi is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(psi), psi, "Psi is a fraction between 0 and 1.");
        _steps.Enqueue(1 - psi);
        if (_steps.Count > Window) _steps.Dequeue();
        return _steps.Count < Window ? double.NaN : Math.Max(0, 1 - Spread * _steps.Average());
    }
}
