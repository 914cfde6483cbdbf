namespace Microsoft.ML.PaT.Training;

/// <summary>The epoch with the highest validation accuracy.</summary>
/// <param name="Epoch">Its number, from 0.</param>
/// <param name="Accuracy">The accuracy, fraction 0 to 1.</param>
internal sealed record BestEpoch(int Epoch, double Accuracy);
