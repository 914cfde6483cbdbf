namespace Microsoft.ML.PaT.Training;

/// <summary>Consecutive training steps within one epoch.</summary>
/// <param name="Images">Number of images.</param>
internal readonly record struct TrainingSegment(int Step, long Images, double LossSum, double Seconds)
{
    /// <summary>Joins this segment and the next one.</summary>
    public TrainingSegment Then(TrainingSegment next) =>
        new(next.Step, Images + next.Images, LossSum + next.LossSum, Seconds + next.Seconds);

    /// <summary>Mean loss per image.</summary>
    public double Loss => Images == 0 ? double.NaN : LossSum / Images;

    public double ImagesPerSecond => Seconds > 0 ? Images / Seconds : 0;
}
