namespace Microsoft.ML.PaT.Reporting;

/// <summary>One epoch.</summary>
/// <param name="Epoch">Number of the epoch, from 0.</param>
/// <param name="Phase">
/// Its phase: <see cref="TrainingPhase.Pruning"/> for an epoch within which channels are removed.
/// </param>
/// <param name="TrainLoss">Mean loss of the training images.</param>
/// <param name="Accuracy">Validation accuracy after the epoch, fraction 0 to 1; null without validation images.</param>
/// <param name="Seconds">Seconds of training, augmentation included, evaluation and surgery excluded.</param>
/// <param name="ImagesPerSecond">Training images per second of <paramref name="Seconds"/>.</param>
/// <param name="LearningRate">Learning rate of the last step.</param>
/// <param name="Epi">The last indicator within the epoch; null if it was not defined or nothing was observed.</param>
public sealed record EpochReport(
    int Epoch, TrainingPhase Phase, double TrainLoss, double? Accuracy, double Seconds, double ImagesPerSecond,
    double LearningRate, double? Epi);
