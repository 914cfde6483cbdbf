namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>Default deadline of a policy, and number of observations before a deadline.</summary>
internal static class ObservationPace
{
    /// <summary>Fraction of the run.</summary>
    public const double DefaultDeadline = 1.0 / 3;

    /// <summary>
    /// Minimum number of observations before the deadline: an indicator with window 5 and look-back 5 needs ten.
    /// </summary>
    private const int BeforeDeadline = 20;

    /// <summary>A third of 10 epochs times 6 is a little less than 20.</summary>
    private const double RoundingError = 1e-9;

    /// <summary>Observations per epoch: one in long runs, more in short ones.</summary>
    /// <param name="deadline">The deadline in epochs.</param>
    public static int PerEpoch(double deadline) =>
        Math.Max(1, (int)Math.Ceiling(BeforeDeadline / deadline - RoundingError));
}
