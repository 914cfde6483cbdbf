namespace Microsoft.ML.PaT.Training;

/// <summary>
/// LLR and ALLR: a cosine from 0 to the peak during the first tenth of the steps, then linear to 0 at the last step. A
/// single step has the peak.
/// </summary>
internal sealed class LinearSchedule(int epochs, int stepsPerEpoch, double peak, double momentum)
    : LearningRateSchedule(epochs, stepsPerEpoch)
{
    private protected override StepRates Rates(long step)
    {
        if (Steps == 1) return new(peak, momentum);
        // Last step of the rise, as in CyclicSchedule.
        var top = 0.1 * Steps - 1;
        return new(
            peak * (top > 0 && step <= top ? Cosine(0, 1, step / top) : 1 - (step - top) / (Steps - 1 - top)),
            momentum);
    }
}
