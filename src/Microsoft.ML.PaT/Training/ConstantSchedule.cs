namespace Microsoft.ML.PaT.Training;

/// <summary>FT: constant rates.</summary>
internal sealed class ConstantSchedule(int epochs, int stepsPerEpoch, StepRates rates)
    : LearningRateSchedule(epochs, stepsPerEpoch)
{
    private protected override StepRates Rates(long step) => rates;
}
