using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>A batch that grew into the memory that the cut freed.</summary>
/// <param name="FromEpoch">The first epoch with it, from 0.</param>
/// <param name="BatchSize">Images a step from then on.</param>
/// <param name="RateFactor">What the learning rate was multiplied by, see <see cref="PruningOptions.BatchGrowth"/>.</param>
public sealed record BatchGrowthReport(int FromEpoch, int BatchSize, double RateFactor);
