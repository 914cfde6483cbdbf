namespace Microsoft.ML.PaT.Training;

/// <summary>
/// CLR: one cycle, up during the first tenth of the steps, then down. The momentum moves in the opposite direction. A
/// single step has the peak.
/// </summary>
internal sealed class CyclicSchedule(int epochs, int stepsPerEpoch, double peak, double final, double? momentum)
    : LearningRateSchedule(epochs, stepsPerEpoch)
{
    private const double HighMomentum = 0.95, LowMomentum = 0.85;

    private protected override StepRates Rates(long step)
    {
        if (Steps == 1) return new(peak, momentum ?? LowMomentum);
        // Last step of the rise. With fewer than ten steps there is none, and the run starts with the descent.
        var top = 0.1 * Steps - 1;
        var rising = top > 0 && step <= top;
        var done = rising ? step / top : (step - top) / (Steps - 1 - top);
        return rising
            ? new(Cosine(peak / 100, peak, done), momentum ?? Cosine(HighMomentum, LowMomentum, done))
            : new(Cosine(peak, final, done), momentum ?? Cosine(LowMomentum, HighMomentum, done));
    }
}
