using System.Diagnostics;
using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Training;

internal static class RetrainingSchedules
{
    /// <summary>Name as in the papers, recipes and reports.</summary>
    public static string NameOf(RetrainingSchedule schedule) => schedule switch
    {
        RetrainingSchedule.FineTuning => "ft",
        RetrainingSchedule.LearningRateRewinding => "lrw",
        RetrainingSchedule.ScaledRestarting => "slr",
        RetrainingSchedule.CyclicRestarting => "clr",
        RetrainingSchedule.Linear => "llr",
        RetrainingSchedule.AdaptiveLinear => "allr",
        _ => throw new ArgumentOutOfRangeException(nameof(schedule), schedule, null),
    };

    /// <summary>
    /// d1 of ALLR, the relative change of the weights by pruning: (||w - w_pruned|| / ||w||) / sqrt(s), where s is the
    /// fraction of removed weights. It is 1 if the removed weights are as large as the others, and less if they are
    /// smaller.
    /// </summary>
    /// <param name="fraction">s, 0 to 1; 0 gives 0.</param>
    public static double WeightChange(double before, double after, double fraction) =>
        before > 0 && fraction > 0 ? Math.Sqrt(Math.Max(0, 1 - after / before * (after / before)) / fraction) : 0;

    public static LearningRateSchedule Create(
        RetrainingOptions options, TrainingOptions original, int stepsPerEpoch, double weightChange)
    {
        var errors = OptionProperty.Errors(options, typeof(RetrainingOptions), "Retraining.")
            .Concat(options.Errors(original)).ToList();
        if (options.Epochs is null) errors.Add("Retraining.Epochs is not given; it must be at least 1.");
        if (errors.Count > 0)
            throw new InvalidOptionsException(ErrorCodes.OptionsInvalid, string.Join(Environment.NewLine, errors));
        var epochs = options.Epochs!.Value;
        var (peak, low) = (original.LearningRateInUse, options.LowRate ?? LastRate(original));
        return options.Schedule switch
        {
            RetrainingSchedule.FineTuning => new ConstantSchedule(epochs, stepsPerEpoch, new(low, original.Momentum)),
            RetrainingSchedule.LearningRateRewinding => new RewoundSchedule(
                epochs,
                LearningRateSchedule.Of(original, stepsPerEpoch)),
            RetrainingSchedule.ScaledRestarting => new ScaledSchedule(epochs, stepsPerEpoch, low, original),
            RetrainingSchedule.CyclicRestarting => new CyclicSchedule(
                epochs,
                stepsPerEpoch,
                peak,
                options.FinalRate ?? peak / 1e4,
                options.CycleMomentum ? null : original.Momentum),
            RetrainingSchedule.Linear => new LinearSchedule(epochs, stepsPerEpoch, peak, original.Momentum),
            RetrainingSchedule.AdaptiveLinear => new LinearSchedule(
                epochs,
                stepsPerEpoch,
                peak * Math.Min(1, Math.Max(weightChange, (double)epochs / original.Epochs)),
                original.Momentum),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Creates a schedule for all epochs of a run. The original run is the run's own options.</summary>
    public static LearningRateSchedule WholeRun(
        RetrainingSchedule schedule, TrainingOptions training, int stepsPerEpoch) =>
        Create(new() { Schedule = schedule, Epochs = training.Epochs }, training, stepsPerEpoch, weightChange: 0);

    /// <summary>
    /// The rate of FT. Decays to zero use a hundredth of the highest rate, as after two milestones with gamma 0.1.
    /// </summary>
    private static double LastRate(TrainingOptions original) => original.Decay == LearningRateDecay.Steps
        ? original.LearningRateInUse * Math.Pow(original.Gamma, StepSchedule.Milestones(original).Count)
        : original.LearningRateInUse / 100;
}
