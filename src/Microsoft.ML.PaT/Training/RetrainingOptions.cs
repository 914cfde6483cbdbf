using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT;

/// <summary>How to train after the cut, instead of going on with the schedule of the run.</summary>
public sealed record RetrainingOptions
{
    /// <summary>The schedule of the learning rate.</summary>
    /// <value>Default <see cref="RetrainingSchedule.CyclicRestarting"/>, the strongest of the four that ICLR 2021 compares.</value>
    public RetrainingSchedule Schedule { get; init; } = RetrainingSchedule.CyclicRestarting;

    /// <summary>Epochs after the cut.</summary>
    /// <value>At least 1; default: what is left of <see cref="TrainingOptions.Epochs"/>. After training nothing is left, so it must be given.</value>
    [InRange(1)]
    public int? Epochs { get; init; }

    /// <summary>The original run's last rate, which FT keeps and SLR warms up from.</summary>
    /// <value>Greater than 0, at most the highest rate; default: the last rate of a run with <see cref="LearningRateDecay.Steps"/>; a hundredth of the highest for decays that end at zero.</value>
    [InRange(0, ExcludesMin = true)]
    public double? LowRate { get; init; }

    /// <summary>The rate that CLR ends with.</summary>
    /// <value>0 to the highest rate; default a ten-thousandth of the highest.</value>
    [InRange(0)]
    public double? FinalRate { get; init; }

    /// <summary>Whether CLR varies the momentum too, 0.95 to 0.85 to 0.95.</summary>
    /// <value>Default true; false keeps <see cref="TrainingOptions.Momentum"/>.</value>
    public bool CycleMomentum { get; init; } = true;

    /// <summary>The errors that depend on the run before, without those of single ranges.</summary>
    internal IEnumerable<string> Errors(TrainingOptions original)
    {
        var peak = original.LearningRateInUse;
        if (Schedule == RetrainingSchedule.LearningRateRewinding && Epochs > original.Epochs)
            yield return $"Retraining.Epochs is {Epochs}; learning-rate rewinding replays the last epochs of the "
                + $"original run, which has {original.Epochs}. Retrain for fewer epochs, or with another schedule.";
        if (LowRate > peak)
            yield return FormattableString.Invariant(
                $"Retraining.LowRate is {LowRate}; it must be at most the highest rate, {peak}.");
        if (FinalRate > peak)
            yield return FormattableString.Invariant(
                $"Retraining.FinalRate is {FinalRate}; it must be at most the highest rate, {peak}.");
        if (FinalRate is not null && Schedule != RetrainingSchedule.CyclicRestarting)
            yield return $"Retraining.FinalRate has no meaning with {RetrainingSchedules.NameOf(Schedule)}; "
                + "only clr has a final rate of its own. Leave it out.";
    }
}
