namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Proposes points of a search space. Proposals depend only on the seed and the previous trials, so a search is
/// reproducible.
/// </summary>
internal interface ISampler
{
    /// <summary>Maximum number of trials; repeated proposals do not count.</summary>
    int Trials { get; }

    /// <summary>Proposes the next point.</summary>
    /// <param name="tried">Previous trials in order.</param>
    /// <returns>A position on each axis, 0 to 1; null if the sampler has no more points.</returns>
    double[]? Next(IReadOnlyList<TriedPoint> tried);
}

/// <summary>A point that was tried.</summary>
/// <param name="Point">Position on each axis, 0 to 1.</param>
/// <param name="Accuracy">Accuracy, 0 to 1; null if the trial failed.</param>
internal sealed record TriedPoint(double[] Point, double? Accuracy);
