namespace Microsoft.ML.PaT;

/// <summary>What becomes of the learning rate when more ranks make the batch of a step larger (<see cref="DistributedOptions.BatchPerRank"/>).</summary>
public enum LearningRateScaling
{
    /// <summary>It stays as it is.</summary>
    None,

    /// <summary>It is multiplied by the number of ranks (Goyal et al., arXiv:1706.02677), which asks for a warm-up.</summary>
    Linear,

    /// <summary>It is multiplied by the square root of the number of ranks (Krizhevsky, arXiv:1404.5997).</summary>
    SquareRoot,
}
