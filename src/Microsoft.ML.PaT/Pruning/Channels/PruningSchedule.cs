
namespace Microsoft.ML.PaT;

/// <summary>
/// Schedule of iterative pruning. s is the pruning ratio, t the completed fraction of the steps, 0 to 1.
/// </summary>
public enum PruningSchedule
{
    /// <summary>Keeps (1 - s)^t: each step removes the same fraction of what is left (CVPR 2022).</summary>
    Exponential,

    /// <summary>Keeps 1 - s t: each step removes the same amount.</summary>
    Linear,

    /// <summary>Keeps 1 - s (1 - (1 - t)^3): the first steps remove most (Zhu and Gupta, 2017).</summary>
    Cubic,
}

internal static class PruningSchedules
{
    /// <summary>Fraction of the original cost that is kept.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="ratio">Final pruning ratio, 0 to 1.</param>
    /// <param name="done">Completed fraction of the steps, 0 to 1.</param>
    public static double Kept(this PruningSchedule schedule, double ratio, double done) => schedule switch
    {
        PruningSchedule.Linear => 1 - ratio * done,
        PruningSchedule.Cubic => 1 - ratio * (1 - Math.Pow(1 - done, 3)),
        _ => Math.Pow(1 - ratio, done),
    };
}
