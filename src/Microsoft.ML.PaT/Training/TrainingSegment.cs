namespace Microsoft.ML.PaT.Training;

/// <summary>A stretch of training steps within one epoch.</summary>
/// <param name="Step">The step it ended before.</param>
/// <param name="Images">Images trained on.</param>
/// <param name="LossSum">Sum of their losses.</param>
/// <param name="Seconds">Wall time, augmentation in, evaluation out.</param>
internal readonly record struct TrainingSegment(int Step, long Images, double LossSum, double Seconds)
{
    /// <summary>This stretch and the one after it.</summary>
    public TrainingSegment Then(TrainingSegment next) => new(next.Step, Images + next.Images, LossSum + next.LossSum, Seconds + next.Seconds);

    /// <summary>Mean loss an image.</summary>
    public double Loss => Images == 0 ? double.NaN : LossSum / Images;

    /// <summary>Images a second.</summary>
    public double ImagesPerSecond => Seconds > 0 ? Images / Seconds : 0;
}
