namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>How often a policy with a deadline observes by default.</summary>
internal static class ObservationPace
{
    /// <summary>Least number of observations before the deadline: an indicator of window 5 and look-back 5 needs ten.</summary>
    private const int BeforeDeadline = 20;

    /// <summary>Observations per epoch: one in long runs, more in short ones.</summary>
    /// <param name="deadline">The deadline in epochs.</param>
    public static int PerEpoch(double deadline) => Math.Max(1, (int)Math.Ceiling(BeforeDeadline / deadline));
}
