namespace Microsoft.ML.PaT.Experiments;

/// <summary>Proposes the points of a search space. What it proposes depends on its seed and on the trials so far alone, so a search can be repeated.</summary>
internal interface ISampler
{
    /// <summary>Trials it is asked for; what it proposes twice does not count.</summary>
    int Trials { get; }

    /// <summary>The next point.</summary>
    /// <param name="tried">The trials so far, in their order.</param>
    /// <returns>A position on each axis, 0 to 1; null when there are no more.</returns>
    double[]? Next(IReadOnlyList<TriedPoint> tried);
}

/// <summary>A point that was tried.</summary>
/// <param name="Point">Its positions, 0 to 1.</param>
/// <param name="Accuracy">The accuracy there, fraction 0 to 1; null when the trial failed.</param>
internal sealed record TriedPoint(double[] Point, double? Accuracy);
