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
    public int? Epochs { get; init; }

    /// <summary>The original run's last rate, which FT keeps and SLR warms up from.</summary>
    /// <value>Greater than 0, at most the highest rate; default: the last rate of a run with <see cref="LearningRateDecay.Steps"/>; a hundredth of the highest for decays that end at zero.</value>
    public double? LowRate { get; init; }

    /// <summary>The rate that CLR ends with.</summary>
    /// <value>0 to the highest rate; default a ten-thousandth of the highest.</value>
    public double? FinalRate { get; init; }

    /// <summary>Whether CLR varies the momentum too, 0.95 to 0.85 to 0.95.</summary>
    /// <value>Default true; false keeps <see cref="TrainingOptions.Momentum"/>.</value>
    public bool CycleMomentum { get; init; } = true;

    /// <summary>What is wrong with the settings after a run.</summary>
    internal IEnumerable<string> Errors(TrainingOptions original)
    {
        var peak = original.LearningRate;
        if (!Enum.IsDefined(Schedule)) yield return $"Retraining.Schedule is {Schedule}; it must be one of its named values.";
        if (Epochs < 1) yield return $"Retraining.Epochs is {Epochs}; it must be at least 1.";
        if (Schedule == RetrainingSchedule.LearningRateRewinding && Epochs > original.Epochs)
            yield return $"Retraining.Epochs is {Epochs}; learning-rate rewinding replays the last epochs of the original run, which has {original.Epochs}. Retrain for fewer epochs, or with another schedule.";
        if (LowRate is { } low && !(low > 0 && low <= peak))
            yield return FormattableString.Invariant($"Retraining.LowRate is {low}; it must be greater than 0 and at most the highest rate, {peak}.");
        if (FinalRate is { } final && !(final >= 0 && final <= peak))
            yield return FormattableString.Invariant($"Retraining.FinalRate is {final}; it must be 0 to the highest rate, {peak}.");
        if (FinalRate is not null && Schedule != RetrainingSchedule.CyclicRestarting)
            yield return $"Retraining.FinalRate has no meaning with {RetrainingSchedules.NameOf(Schedule)}; only clr has a final rate of its own. Leave it out.";
    }
}
