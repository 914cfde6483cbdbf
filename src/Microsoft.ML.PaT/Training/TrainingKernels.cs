namespace Microsoft.ML.PaT.Training;

/// <summary>What computes a batch-norm with the addition and the activation after it while a network trains on a CPU with channels innermost.</summary>
public enum TrainingKernels
{
    /// <summary>One pass of this library for all of them, vectorized at any width. Elsewhere libtorch's operators.</summary>
    Fused,

    /// <summary>libtorch's operators, one after the other.</summary>
    Plain,
}
