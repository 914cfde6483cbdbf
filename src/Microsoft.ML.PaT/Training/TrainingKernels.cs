namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Kernels of batch-norms, with the addition and the activation after them, in training on a CPU in channels-last
/// format.
/// </summary>
public enum TrainingKernels
{
    /// <summary>
    /// One pass of this library for all three, vectorized at any width. In other cases, libtorch's operators.
    /// </summary>
    Fused,

    /// <summary>libtorch's operators, one after the other.</summary>
    Plain,
}
