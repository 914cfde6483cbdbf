using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT;

/// <summary>Retraining after pruning with a schedule of its own, instead of the rest of the run's schedule.</summary>
public sealed record RetrainingOptions
{
    /// <summary>Schedule of the learning rate.</summary>
    /// <value>Default <see cref="RetrainingSchedule.CyclicRestarting"/>, the best of the four that ICLR 2021
    /// compares.</value>
    public RetrainingSchedule Schedule { get; init; } = RetrainingSchedule.CyclicRestarting;

    /// <summary>Epochs after pruning.</summary>
    /// <value>At least 1; default: the rest of <see cref="TrainingOptions.Epochs"/>. Required if the network is pruned
    /// after training.</value>
    [InRange(1)]
    public int? Epochs { get; init; }

    /// <summary>Last rate of the original run: the constant rate of FT and the start of SLR's warm-up.</summary>
    /// <value>Above 0, at most the highest rate; default: the last rate of a run with
    /// <see cref="LearningRateDecay.Steps"/>, or a hundredth of the highest rate for decays that end at zero. An error
    /// with other schedules.</value>
    [InRange(0, ExcludesMin = true)]
    public double? LowRate { get; init; }

    /// <summary>Final rate of CLR.</summary>
    /// <value>At least 0, at most the highest rate; default a ten-thousandth of the highest rate. An error with other
    /// schedules.</value>
    [InRange(0)]
    public double? FinalRate { get; init; }

    /// <summary>Whether CLR also varies the momentum, from 0.95 to 0.85 and back.</summary>
    /// <value>Default true; false uses <see cref="TrainingOptions.Momentum"/>, as other schedules always do, and is an
    /// error with them.</value>
    public bool CycleMomentum { get; init; } = true;

    /// <summary>Returns the learning rate and the momentum of every step of the retraining.</summary>
    /// <param name="original">The run before pruning: its length, highest rate, decay and momentum.</param>
    /// <param name="stepsPerEpoch">Steps per epoch, at least 1.</param>
    /// <param name="weightChange">d1 of <see cref="RetrainingSchedule.AdaptiveLinear"/>, at least 0; other schedules do
    /// not use it.</param>
    /// <exception cref="InvalidOptionsException">A value here or of the original run is out of range,
    /// <see cref="Epochs"/> is null, or rewinding is longer than the original run.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="stepsPerEpoch"/> is below 1, or
    /// <paramref name="weightChange"/> below 0.</exception>
    public IEnumerable<(double LearningRate, double Momentum)> Rates(
        TrainingOptions original, int stepsPerEpoch, double weightChange = 0)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(weightChange);
        var errors = OptionProperty.Errors(original, typeof(TrainingOptions), "original.").ToList();
        if (errors.Count > 0)
            throw new InvalidOptionsException(ErrorCodes.OptionsInvalid, string.Join(Environment.NewLine, errors));
        var schedule = LearningRateSchedule.Retraining(this, original, stepsPerEpoch, weightChange);
        return Steps();

        IEnumerable<(double LearningRate, double Momentum)> Steps()
        {
            for (var step = 0L; step < schedule.Steps; step++)
            {
                var (rate, momentum) = schedule.At(step);
                yield return (rate, momentum);
            }
        }
    }

    /// <summary>The errors that depend on the run before, without those of single ranges.</summary>
    internal IEnumerable<string> Errors(TrainingOptions original)
    {
        var peak = original.LearningRateInUse;
        if (Schedule == RetrainingSchedule.LearningRateRewinding && Epochs > original.Epochs)
        {
            yield return $"Retraining.Epochs is {Epochs}; learning-rate rewinding replays the last epochs of the "
                + $"original run, which has {original.Epochs}. Retrain for fewer epochs, or with another schedule.";
        }
        if (LowRate > peak)
        {
            yield return FormattableString.Invariant(
                $"Retraining.LowRate is {LowRate}; it must be at most the highest rate, {peak}.");
        }
        if (FinalRate > peak)
        {
            yield return FormattableString.Invariant(
                $"Retraining.FinalRate is {FinalRate}; it must be at most the highest rate, {peak}.");
        }
        if (!Enum.IsDefined(Schedule)) yield break;
        if (LowRate is not null
            && Schedule is not (RetrainingSchedule.FineTuning or RetrainingSchedule.ScaledRestarting))
        {
            yield return Unused(nameof(LowRate), "ft and slr use");
        }
        if (Schedule == RetrainingSchedule.CyclicRestarting) yield break;
        if (FinalRate is not null) yield return Unused(nameof(FinalRate), "clr uses");
        if (!CycleMomentum) yield return Unused(nameof(CycleMomentum), "clr uses");
    }

    private string Unused(string option, string users) =>
        $"Retraining.{option} has no meaning with {RetrainingSchedules.NameOf(Schedule)}; only {users} it. Leave it "
        + "out.";
}
