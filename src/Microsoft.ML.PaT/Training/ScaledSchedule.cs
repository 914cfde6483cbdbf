namespace Microsoft.ML.PaT.Training;

/// <summary>
/// SLR: W = int(0.1 E) epochs of cosine warm-up from low to peak, then milestones at W + int(m * 0.9 E), where m are
/// the milestones of the original run as fractions (1/2 and 3/4 for decays without milestones). One rate per epoch.
/// </summary>
internal sealed class ScaledSchedule : LearningRateSchedule
{
    private readonly double[] _rates;
    private readonly double _momentum;

    public ScaledSchedule(int epochs, int stepsPerEpoch, double low, TrainingOptions original)
        : base(epochs, stepsPerEpoch)
    {
        var warmUp = epochs / 10;
        // Prevents a rounding error from lowering an integer by 1.
        var drops = StepSchedule.Milestones(original).Select(m => warmUp + (int)(m * 0.9 * epochs + 1e-9)).ToList();
        _rates = [.. Enumerable.Range(0, epochs).Select(epoch => epoch < warmUp
            ? Cosine(low, original.LearningRateInUse, (double)epoch / warmUp)
            : original.LearningRateInUse * Math.Pow(original.Gamma, drops.Count(drop => epoch >= drop)))];
        _momentum = original.Momentum;
    }

    private protected override StepRates Rates(long step) => new(_rates[step / StepsPerEpoch], _momentum);
}
