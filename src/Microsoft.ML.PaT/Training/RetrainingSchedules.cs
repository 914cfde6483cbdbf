using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Training;

/// <summary>The retraining schedules by name, and how they are made.</summary>
public static class RetrainingSchedules
{
    private static readonly (string Name, RetrainingSchedule Schedule)[] s_names =
    [
        ("ft", RetrainingSchedule.FineTuning), ("lrw", RetrainingSchedule.LearningRateRewinding), ("slr", RetrainingSchedule.ScaledRestarting),
        ("clr", RetrainingSchedule.CyclicRestarting), ("llr", RetrainingSchedule.Linear), ("allr", RetrainingSchedule.AdaptiveLinear),
    ];

    /// <summary>The names, as the papers, the command line and reports write them: <c>ft</c>, <c>lrw</c>, <c>slr</c>, <c>clr</c>, <c>llr</c>, <c>allr</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_names.Select(n => n.Name)];

    /// <summary>The schedule of a name.</summary>
    /// <exception cref="InvalidOptionsException">There is none of that name; the message lists those there are.</exception>
    public static RetrainingSchedule ByName(string name) => s_names.Where(n => n.Name == name).Select(n => (RetrainingSchedule?)n.Schedule).FirstOrDefault()
        ?? throw new InvalidOptionsException(ErrorCodes.RetrainingScheduleUnknown, $"There is no retraining schedule '{name}'. Known: {string.Join(", ", Names)}.");

    /// <summary>The name of a schedule.</summary>
    public static string NameOf(RetrainingSchedule schedule) => s_names.Single(n => n.Schedule == schedule).Name;

    /// <summary>
    /// d1 of ALLR: how much a cut took, for its size: (||w - w_pruned|| / ||w||) / sqrt(s), where s is the fraction of the weights that went. 1 when what went was like the rest,
    /// less when it was smaller.
    /// </summary>
    /// <param name="before">The norm ||w|| before the cut.</param>
    /// <param name="after">The norm of the weights that are left, which are what they were.</param>
    /// <param name="fraction">s, fraction 0 to 1; 0 gives 0.</param>
    public static double WeightChange(double before, double after, double fraction) =>
        before > 0 && fraction > 0 ? Math.Sqrt(Math.Max(0, 1 - after / before * (after / before)) / fraction) : 0;

    internal static LearningRateSchedule Create(RetrainingOptions options, TrainingOptions original, int stepsPerEpoch, double weightChange)
    {
        var errors = OptionProperty.Errors(options, typeof(RetrainingOptions), "Retraining.")
            .Concat(options.Errors(original)).ToList();
        if (options.Epochs is null) errors.Add("Retraining.Epochs is not given; it must be at least 1.");
        if (errors.Count > 0) throw new InvalidOptionsException(ErrorCodes.OptionsInvalid, string.Join(Environment.NewLine, errors));
        var epochs = options.Epochs!.Value;
        var (peak, low) = (original.LearningRateInUse, options.LowRate ?? LastRate(original));
        return options.Schedule switch
        {
            RetrainingSchedule.FineTuning => new ConstantSchedule(epochs, stepsPerEpoch, new(low, original.Momentum)),
            RetrainingSchedule.LearningRateRewinding => new RewoundSchedule(epochs, LearningRateSchedule.Of(original, stepsPerEpoch)),
            RetrainingSchedule.ScaledRestarting => new ScaledSchedule(epochs, stepsPerEpoch, low, original),
            RetrainingSchedule.CyclicRestarting => new CyclicSchedule(epochs, stepsPerEpoch, peak, options.FinalRate ?? peak / 1e4, options.CycleMomentum ? null : original.Momentum),
            RetrainingSchedule.Linear => new LinearSchedule(epochs, stepsPerEpoch, peak, original.Momentum),
            _ => new LinearSchedule(epochs, stepsPerEpoch, peak * Math.Min(1, Math.Max(weightChange, (double)epochs / original.Epochs)), original.Momentum),
        };
    }

    /// <summary>A schedule for all epochs of a run from the start; what it takes from an original run comes from the run's own options.</summary>
    internal static LearningRateSchedule WholeRun(RetrainingSchedule schedule, TrainingOptions training, int stepsPerEpoch) =>
        Create(new() { Schedule = schedule, Epochs = training.Epochs }, training, stepsPerEpoch, weightChange: 0);

    /// <summary>The rate that FT goes on with: decays to zero leave none, so theirs is what two drops of a tenth would.</summary>
    private static double LastRate(TrainingOptions original) => original.Decay == LearningRateDecay.Steps
        ? original.LearningRateInUse * Math.Pow(original.Gamma, StepSchedule.Milestones(original).Count)
        : original.LearningRateInUse / 100;
}
