namespace Microsoft.ML.PaT.Training;

/// <summary>
/// SLR: W = int(0.1 E) epochs of cosine warm-up from low to peak, then drops at W + int(m * 0.9 E), where m are the fractions of the original run at which its
/// rate dropped (halfway and three quarters for decays without drops). One rate an epoch.
/// </summary>
internal sealed class ScaledSchedule : LearningRateSchedule
{
    private readonly double[] _rates;
    private readonly double _momentum;

    public ScaledSchedule(int epochs, int stepsPerEpoch, double low, TrainingOptions original)
        : base(epochs, stepsPerEpoch)
    {
        var warmUp = epochs / 10;
        // What is a whole number on paper must not be cut to the one below it.
        var drops = StepSchedule.Milestones(original).Select(m => warmUp + (int)(m * 0.9 * epochs + 1e-9)).ToList();
        _rates = [.. Enumerable.Range(0, epochs).Select(epoch => epoch < warmUp
            ? Cosine(low, original.LearningRateInUse, (double)epoch / warmUp)
            : original.LearningRateInUse * Math.Pow(original.Gamma, drops.Count(drop => epoch >= drop)))];
        _momentum = original.Momentum;
    }

    private protected override StepRates Rates(long step) => new(_rates[step / StepsPerEpoch], _momentum);
}
