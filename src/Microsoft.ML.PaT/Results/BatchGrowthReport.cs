namespace Microsoft.ML.PaT.Results;

/// <summary>A batch size that grew into the memory that pruning freed.</summary>
/// <param name="FromEpoch">The first epoch with it, from 0.</param>
/// <param name="BatchSize">Images of the largest batch.</param>
/// <param name="RateFactor">Factor of the learning rate.</param>
internal sealed record BatchGrowthReport(int FromEpoch, int BatchSize, double RateFactor);
