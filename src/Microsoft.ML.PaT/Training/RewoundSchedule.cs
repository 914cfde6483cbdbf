namespace Microsoft.ML.PaT.Training;

/// <summary>LRW: lr(t) = lr_original(T_original - T + t).</summary>
internal sealed class RewoundSchedule(int epochs, LearningRateSchedule original)
    : LearningRateSchedule(epochs, original.StepsPerEpoch)
{
    private protected override StepRates Rates(long step) => original.At(original.Steps - Steps + step);
}
