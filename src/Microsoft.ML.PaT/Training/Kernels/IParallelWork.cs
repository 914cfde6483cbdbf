namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>Work in parts that may run concurrently.</summary>
internal interface IParallelWork
{
    /// <summary>Must not throw.</summary>
    /// <param name="part">Index of the part, from 0.</param>
    /// <param name="parts">Number of parts.</param>
    void Run(int part, int parts);
}
