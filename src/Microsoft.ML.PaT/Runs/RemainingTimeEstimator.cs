namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// How long a run will still take. Dense epochs cost what those so far have cost; the cut is expected where the policy prunes at the latest, and an
/// epoch after it to cost a dense one's time times the target's fraction of multiply-accumulates. Once the cut is made, compact epochs are measured.
/// Sooner cuts, and networks that lose less time than multiply-accumulates, make it wrong by as much. No clock: it is told the time.
/// </summary>
/// <param name="expectedCut">Epochs after which the policy prunes at the latest.</param>
/// <param name="expectedMacs">What is expected to be left of a dense epoch's cost, fraction 0 to 1.</param>
internal sealed class RemainingTimeEstimator(double expectedCut, double expectedMacs)
{
    /// <summary>Epochs of which nothing can be said yet: the first batches are slower than the others.</summary>
    private const double TooFew = 0.05;

    /// <summary>When the last channels went: epochs done, and seconds since the start; null before.</summary>
    public (double At, double Seconds)? Cut { get; set; }

    /// <summary>What is left of a dense epoch's multiply-accumulates, once that is known.</summary>
    public double? MacsLeft { get; set; }

    /// <summary>What a target leaves of the multiply-accumulates: all targets but that by channels name a cost, and a convolution costs the product of two widths.</summary>
    public static double MacsLeftBy(PruningTarget target) => target.Kind == PruningTargetKind.Channels ? (1 - target.Ratio) * (1 - target.Ratio) : 1 - target.Ratio;

    /// <summary>Seconds to the end of the run; null until something can be said.</summary>
    /// <param name="at">Epochs done.</param>
    /// <param name="epochs">Epochs of the run.</param>
    /// <param name="seconds">Seconds since the start, all of the run in.</param>
    public double? Seconds(double at, double epochs, double seconds)
    {
        if (at < TooFew) return null;
        var left = MacsLeft ?? expectedMacs;
        if (Cut is not { } cut)
        {
            var dense = seconds / at;
            var until = Math.Clamp(expectedCut, at, epochs);
            return dense * (until - at + left * (epochs - until));
        }
        var since = at - cut.At;
        var compact = since >= TooFew || cut.At < TooFew ? (seconds - cut.Seconds) / Math.Max(since, TooFew) : left * cut.Seconds / cut.At;
        return compact * (epochs - at);
    }
}
