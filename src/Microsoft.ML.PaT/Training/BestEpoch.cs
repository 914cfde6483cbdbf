namespace Microsoft.ML.PaT.Training;

/// <summary>The epoch with the highest validation accuracy.</summary>
/// <param name="Epoch">Index of the epoch, from 0.</param>
/// <param name="Accuracy">Validation accuracy, 0 to 1.</param>
internal sealed record BestEpoch(int Epoch, double Accuracy);
