namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// Estimates how long a run still takes. Before pruning, it takes the dense epochs so far as typical, expects pruning
/// as late as the policy allows, and expects a compact epoch to take a dense epoch's time times the fraction of
/// multiply-accumulates that the target leaves. After pruning, it measures the compact epochs.
/// </summary>
/// <param name="latestPruning">Epochs after which the policy prunes at the latest.</param>
/// <param name="expectedMacFraction">Fraction of the multiply-accumulates that the target leaves, 0 to 1.</param>
internal sealed class RemainingTimeEstimator(double latestPruning, double expectedMacFraction)
{
    // Epochs without an estimate: the first batches are slower than the others.
    private const double MinEpochs = 0.05;

    public LastPruning? LastPruning { get; init; }

    /// <summary>
    /// The fraction of multiply-accumulates that a target leaves. Targets other than channels name a cost; the cost of
    /// a convolution is the product of two widths.
    /// </summary>
    public static double MacsLeftBy(PruningTarget target) =>
        target.Kind == PruningTargetKind.Channels ? (1 - target.Ratio) * (1 - target.Ratio) : 1 - target.Ratio;

    /// <summary>Seconds to the end of the run; null until they can be estimated.</summary>
    /// <param name="at">Epochs done, fractions within an epoch.</param>
    /// <param name="epochs">Epochs of the run.</param>
    /// <param name="seconds">Seconds since the start of the run.</param>
    public double? Seconds(double at, double epochs, double seconds)
    {
        if (at < MinEpochs) return null;
        if (LastPruning is not { } pruned)
        {
            var dense = seconds / at;
            var until = Math.Clamp(latestPruning, at, epochs);
            return dense * (until - at + expectedMacFraction * (epochs - until));
        }
        var since = at - pruned.At;
        var compact = since >= MinEpochs || pruned.At < MinEpochs
            ? (seconds - pruned.Seconds) / Math.Max(since, MinEpochs)
            : pruned.MacFraction * pruned.Seconds / pruned.At;
        return compact * (epochs - at);
    }
}
