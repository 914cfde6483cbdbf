namespace Microsoft.ML.PaT.Pruning;

/// <summary>
/// The rule that turns the indicator into a decision (CVPR 2022): the first time it is at least tau and at least as high as each of
/// its last five values, all of them defined.
/// </summary>
public sealed class StabilityTrigger
{
    /// <summary>Structures that have not moved at all reach a tau of 1, whatever the order of additions.</summary>
    private const double Rounding = 1e-12;

    private readonly Queue<double> _past = [];

    /// <summary>Starts without history.</summary>
    /// <param name="tau">The threshold, fraction 0 to 1.</param>
    /// <param name="lookBack">How many values back the present one must not be below; at least 1, the paper's 5 by default.</param>
    public StabilityTrigger(double tau, int lookBack = 5)
    {
        if (!(tau is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(tau), tau, "tau is a fraction between 0 and 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(lookBack, 1);
        Tau = tau;
        LookBack = lookBack;
    }

    /// <summary>The threshold, fraction 0 to 1.</summary>
    public double Tau { get; }

    /// <summary>How many values back the present one must not be below.</summary>
    public int LookBack { get; }

    /// <summary>Why the last value did or did not trigger, one sentence.</summary>
    public string Reason { get; private set; } = "nothing observed yet";

    /// <summary>Takes in the indicator of the present moment.</summary>
    /// <param name="epi">The indicator; NaN while it is not defined.</param>
    /// <returns>Whether this is the moment to prune.</returns>
    public bool Observe(double epi) => ObserveAgainst(epi, Tau);

    /// <summary>Takes in the indicator of the present moment and holds it against a threshold of that moment.</summary>
    /// <param name="epi">The indicator; NaN while it is not defined.</param>
    /// <param name="tau">The threshold, fraction 0 to 1; NaN while it is not defined.</param>
    /// <returns>Whether this is the moment to prune.</returns>
    public bool ObserveAgainst(double epi, double tau)
    {
        var stable = Judge(epi, tau);
        _past.Enqueue(epi);
        if (_past.Count > LookBack) _past.Dequeue();
        return stable;
    }

    private bool Judge(double epi, double tau)
    {
        Reason = FormattableString.Invariant($"the indicator {epi:F4} is at least tau {tau:F4} and no lower than its last {LookBack} values");
        if (double.IsNaN(epi)) Reason = "the indicator is not defined yet";
        else if (double.IsNaN(tau)) Reason = "tau is not defined yet";
        else if (epi < tau - Rounding) Reason = FormattableString.Invariant($"the indicator {epi:F4} is below tau {tau:F4}");
        else if (_past.Count < LookBack || _past.Any(double.IsNaN)) Reason = $"fewer than {LookBack} earlier values to compare with";
        else if (_past.Any(p => epi < p)) Reason = FormattableString.Invariant($"the indicator {epi:F4} is lower than {_past.Max():F4} within its last {LookBack} values");
        else return true;
        return false;
    }
}
