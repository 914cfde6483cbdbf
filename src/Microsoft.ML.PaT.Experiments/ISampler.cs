namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Proposes points of a search space. Proposals depend only on the seed and the previous trials, so a search is
/// reproducible.
/// </summary>
internal interface ISampler
{
    /// <summary>Maximum number of trials; repeated proposals do not count.</summary>
    int Trials { get; }

    /// <summary>Proposes points for the next trial. The search takes the first one that is a new trial.</summary>
    /// <param name="tried">Previous trials in order.</param>
    /// <returns>Positions on each axis, 0 to 1, the best point first; it may be endless. It ends if the sampler has no
    /// more points.</returns>
    IEnumerable<double[]> Next(IReadOnlyList<TriedPoint> tried);
}

/// <summary>A point that was tried.</summary>
/// <param name="Point">Position on each axis, 0 to 1.</param>
/// <param name="Accuracy">Accuracy, 0 to 1; null if the trial failed.</param>
internal sealed record TriedPoint(double[] Point, double? Accuracy);
