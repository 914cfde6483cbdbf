namespace Microsoft.ML.PaT;

/// <summary>A stretch of training steps within one epoch.</summary>
/// <param name="Step">The step it ended before.</param>
/// <param name="Pictures">Pictures trained on.</param>
/// <param name="LossSum">Sum of their losses.</param>
/// <param name="Seconds">Wall time, augmentation in, evaluation out.</param>
internal readonly record struct TrainingStretch(int Step, long Pictures, double LossSum, double Seconds)
{
    /// <summary>This stretch and the one after it.</summary>
    public TrainingStretch Then(TrainingStretch next) => new(next.Step, Pictures + next.Pictures, LossSum + next.LossSum, Seconds + next.Seconds);

    /// <summary>Mean loss a picture.</summary>
    public double Loss => Pictures == 0 ? double.NaN : LossSum / Pictures;

    /// <summary>Pictures a second.</summary>
    public double ImagesPerSecond => Seconds > 0 ? Pictures / Seconds : 0;
}
