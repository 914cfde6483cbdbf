namespace Microsoft.ML.PaT.Reporting;

/// <summary>One epoch.</summary>
/// <param name="Epoch">Its number, from 0.</param>
/// <param name="Phase">What the run did in it.</param>
/// <param name="TrainLoss">Mean loss over the epoch's training images.</param>
/// <param name="Accuracy">Validation accuracy after it, fraction 0 to 1; null without validation images.</param>
/// <param name="Seconds">Seconds of the training loop, augmentation in, evaluation and surgery out.</param>
/// <param name="ImagesPerSecond">Training images over those seconds.</param>
/// <param name="LearningRate">Learning rate of its last step.</param>
/// <param name="Epi">The last indicator within it; null where it was not defined or nobody looked.</param>
public sealed record EpochReport(int Epoch, TrainingPhase Phase, double TrainLoss, double? Accuracy, double Seconds, double ImagesPerSecond, double LearningRate, double? Epi);
