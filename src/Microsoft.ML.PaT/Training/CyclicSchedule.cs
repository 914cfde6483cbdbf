namespace Microsoft.ML.PaT.Training;

/// <summary>CLR: one cycle, up over the first tenth of the steps, down over the rest; the momentum goes the other way.</summary>
internal sealed class CyclicSchedule(int epochs, int stepsPerEpoch, double peak, double final, double? momentum) : LearningRateSchedule(epochs, stepsPerEpoch)
{
    private const double HighMomentum = 0.95, LowMomentum = 0.85;

    private protected override StepRates Rates(long step)
    {
        // The last step of the rise. Below ten steps there is none, and the run begins on its way down.
        var top = 0.1 * Steps - 1;
        var rising = top > 0 && step <= top;
        var done = rising ? step / top : (step - top) / (Steps - 1 - top);
        return rising
            ? new(Cosine(peak / 100, peak, done), momentum ?? Cosine(HighMomentum, LowMomentum, done))
            : new(Cosine(peak, final, done), momentum ?? Cosine(LowMomentum, HighMomentum, done));
    }
}
