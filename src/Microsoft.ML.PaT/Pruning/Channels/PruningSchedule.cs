using Microsoft.ML.PaT.Pruning.Channels;

namespace Microsoft.ML.PaT;

/// <summary>How much goes in which of several cuts. s is the ratio to remove, t the part of the cuts that is done, from 0 to 1.</summary>
public enum PruningSchedule
{
    /// <summary>(1 - s)^t stays: each cut removes the same part of what is there (CVPR 2022).</summary>
    Exponential,

    /// <summary>1 - s t stays: each cut removes the same amount.</summary>
    Linear,

    /// <summary>1 - s (1 - (1 - t)^3) stays: most goes in the first cuts, while there is plenty (Zhu and Gupta, 2017).</summary>
    Cubic,
}

/// <summary>The arithmetic of <see cref="PruningSchedule"/>.</summary>
internal static class PruningSchedules
{
    /// <summary>The fraction of the first cost that stays after a part of the cuts.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="ratio">The ratio to remove in the end, fraction 0 to 1.</param>
    /// <param name="done">The part of the cuts that is done, fraction 0 to 1.</param>
    public static double Kept(this PruningSchedule schedule, double ratio, double done) => schedule switch
    {
        PruningSchedule.Linear => 1 - ratio * done,
        PruningSchedule.Cubic => 1 - ratio * (1 - Math.Pow(1 - done, 3)),
        _ => Math.Pow(1 - ratio, done),
    };
}
