namespace Microsoft.ML.PaT;

/// <summary>What the number of processes does to the learning rate (<see cref="DistributedOptions.BatchPerProcess"/>).</summary>
public enum LearningRateScaling
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is multiplied by the number of processes (Goyal et al., arXiv:1706.02677), which asks for a warm-up.</summary>
    Linear,

    /// <summary>It is multiplied by the square root of the number of processes (Krizhevsky, arXiv:1404.5997).</summary>
    SquareRoot,
}
