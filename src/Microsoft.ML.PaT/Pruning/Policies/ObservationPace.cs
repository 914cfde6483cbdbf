namespace Microsoft.ML.PaT.Pruning.Policies;

/// <summary>How often a policy with a deadline looks, unless it is told.</summary>
internal static class ObservationPace
{
    /// <summary>Observations that the time before the deadline holds at least: an indicator of window 5 and look-back 5 needs ten.</summary>
    private const int BeforeDeadline = 20;

    /// <summary>Looks an epoch: one in long runs, more in short ones.</summary>
    /// <param name="deadline">The deadline in epochs.</param>
    public static int PerEpoch(double deadline) => (int)Math.Ceiling(BeforeDeadline / deadline);
}
