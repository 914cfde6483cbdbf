namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>
/// Triggers when the indicator is at least tau and not less than any of the <c>LookBack</c> values before it (CVPR
/// 2022). All of these values must be defined.
/// </summary>
internal sealed class StabilityTrigger
{
    /// <summary>Unchanged structures reach a tau of 1 in spite of rounding.</summary>
    private const double Rounding = 1e-12;

    private readonly Queue<double?> _past = [];

    /// <summary>Creates a trigger without history.</summary>
    /// <param name="lookBack">Number of previous values to compare with; at least 1.</param>
    public StabilityTrigger(int lookBack)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lookBack, 1);
        LookBack = lookBack;
    }

    /// <summary>Number of previous values to compare with.</summary>
    public int LookBack { get; }

    /// <summary>Reason for the last decision, one sentence.</summary>
    public string Reason { get; private set; } = "nothing observed yet";

    /// <summary>Adds the current indicator and compares it with the threshold, which may change.</summary>
    /// <param name="epi">The indicator, 0 to 1; null if it is not defined.</param>
    /// <param name="tau">The threshold, 0 to 1; null if it is not defined.</param>
    /// <returns>Whether to prune now.</returns>
    public bool Observe(double? epi, double? tau)
    {
        var stable = Judge(epi, tau);
        _past.Enqueue(epi);
        if (_past.Count > LookBack) _past.Dequeue();
        return stable;
    }

    private bool Judge(double? epi, double? tau)
    {
        Reason = FormattableString.Invariant(
            $"the indicator {epi:F4} is at least tau {tau:F4} and no lower than its last {LookBack} values");
        if (epi is null) Reason = "the indicator is not defined yet";
        else if (tau is null) Reason = "tau is not defined yet";
        else if (epi < tau - Rounding)
            Reason = FormattableString.Invariant($"the indicator {epi:F4} is below tau {tau:F4}");
        else if (_past.Count < LookBack || _past.Contains(null))
            Reason = $"fewer than {LookBack} earlier values to compare with";
        else if (_past.Any(p => epi < p))
        {
            Reason = FormattableString.Invariant(
                $"the indicator fell: {epi:F4}, after {_past.Max():F4} among its last {LookBack} values");
        }
        else return true;
        return false;
    }
}
