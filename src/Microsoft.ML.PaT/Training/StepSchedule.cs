namespace Microsoft.ML.PaT.Training;

/// <summary>
/// A constant rate that is multiplied by gamma at milestones: the usual schedule of CIFAR and ImageNet papers.
/// </summary>
internal sealed class StepSchedule(TrainingOptions training, int stepsPerEpoch)
    : LearningRateSchedule(training.Epochs, stepsPerEpoch)
{
    private readonly IReadOnlyList<double> _drops =
        [.. Milestones(training).Select(fraction => fraction * training.Epochs)];

    /// <summary>Milestones as fractions of the run; 1/2 and 3/4 if the options give none.</summary>
    public static IReadOnlyList<double> Milestones(TrainingOptions training) =>
        training.Milestones.Count == 0
            ? [0.5, 0.75]
            : [.. training.Milestones.Select(drop => (double)drop / training.Epochs)];

    private protected override StepRates Rates(long step)
    {
        var epoch = step / StepsPerEpoch;
        // A fraction times the epochs may miss an integer by a rounding error.
        return new(
            training.LearningRateInUse * Math.Pow(training.Gamma, _drops.Count(drop => epoch + 1e-9 >= drop)),
            training.Momentum);
    }
}
