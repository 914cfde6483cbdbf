namespace Microsoft.ML.PaT.Training;

/// <summary>Learning rate and momentum of every step of a run, or of the retraining after pruning. Stateless.</summary>
internal abstract class LearningRateSchedule
{
    private protected LearningRateSchedule(int epochs, int stepsPerEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        Epochs = epochs;
        StepsPerEpoch = stepsPerEpoch;
    }

    public int Epochs { get; }

    public int StepsPerEpoch { get; }

    public long Steps => (long)Epochs * StepsPerEpoch;

    /// <summary>Creates the schedule of a whole run.</summary>
    /// <param name="training">Epochs, highest rate, decay and momentum.</param>
    /// <param name="stepsPerEpoch">Steps per epoch, at least 1.</param>
    public static LearningRateSchedule Of(TrainingOptions training, int stepsPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Schedule is { } schedule)
            return RetrainingSchedules.WholeRun(schedule, training with { Schedule = null }, stepsPerEpoch);
        return training.Decay == LearningRateDecay.Steps
            ? new StepSchedule(training, stepsPerEpoch)
            : new DecaySchedule(training, stepsPerEpoch);
    }

    /// <summary>Creates the schedule of the epochs after pruning.</summary>
    /// <param name="original">The run before pruning: its length, highest rate, decay and momentum.</param>
    /// <param name="stepsPerEpoch">Steps per epoch, at least 1.</param>
    /// <param name="weightChange">d1 of <see cref="RetrainingSchedule.AdaptiveLinear"/>, see
    /// <see cref="RetrainingSchedules.WeightChange"/>.</param>
    /// <exception cref="InvalidOptionsException">A value is out of range, or rewinding is longer than the original
    /// run.</exception>
    public static LearningRateSchedule Retraining(
        RetrainingOptions retraining, TrainingOptions original, int stepsPerEpoch, double weightChange = 0)
    {
        ArgumentNullException.ThrowIfNull(retraining);
        ArgumentNullException.ThrowIfNull(original);
        return RetrainingSchedules.Create(retraining, original, stepsPerEpoch, weightChange);
    }

    /// <param name="step">From 0, less than <see cref="Steps"/>.</param>
    public StepRates At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, Steps);
        return Rates(step);
    }

    /// <summary>Epochs after which the learning rate of a run is highest.</summary>
    public static double WarmupEpochs(TrainingOptions training)
    {
        const int Steps = 100; // per epoch; the schedule is the same with any number
        var schedule = Of(training, Steps);
        var highest = 0L;
        for (var step = 1L; step < schedule.Steps; step++)
        {
            if (schedule.At(step).LearningRate > schedule.At(highest).LearningRate) highest = step;
        }
        return highest == 0 ? 0 : (highest + 1.0) / Steps;
    }

    private protected abstract StepRates Rates(long step);

    /// <summary>Half a cosine from one value to another.</summary>
    /// <param name="from">Value at 0.</param>
    /// <param name="to">Value at 1.</param>
    /// <param name="done">Position, 0 to 1.</param>
    private protected static double Cosine(double from, double to, double done) =>
        to + (from - to) * (1 + Math.Cos(Math.PI * done)) / 2;
}
