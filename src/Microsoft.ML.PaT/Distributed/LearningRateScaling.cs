namespace Microsoft.ML.PaT;

/// <summary>
/// How the learning rate scales with the number of processes (<see cref="DistributedOptions.BatchPerProcess"/>).
/// </summary>
public enum LearningRateScaling
{
    /// <summary>No scaling.</summary>
    None,

    /// <summary>Multiplied by the number of processes (Goyal et al., arXiv:1706.02677). Needs a warm-up.</summary>
    Linear,

    /// <summary>Multiplied by the square root of the number of processes (Krizhevsky, arXiv:1404.5997).</summary>
    SquareRoot,
}
