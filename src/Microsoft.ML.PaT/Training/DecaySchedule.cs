namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Linear warm-up, then a decay to zero. The schedule spans the whole run; pruning does not restart it (CVPR 2022).
/// </summary>
internal sealed class DecaySchedule(TrainingOptions training, int stepsPerEpoch)
    : LearningRateSchedule(training.Epochs, stepsPerEpoch)
{
    private protected override StepRates Rates(long step) =>
        new(training.LearningRateInUse * Factor(step), training.Momentum);

    private double Factor(long step)
    {
        var warmUp = training.WarmupFraction * Steps;
        if (step < warmUp) return (step + 1) / Math.Ceiling(warmUp);
        var done = (step - warmUp) / Math.Max(1, Steps - warmUp);
        return training.Decay == LearningRateDecay.Cosine ? Cosine(1, 0, done) : 1 - done;
    }
}
