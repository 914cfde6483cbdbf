namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>Work in parts that may run at the same time.</summary>
internal interface IParallelWork
{
    /// <summary>Does one part; must not throw.</summary>
    /// <param name="part">The part, from 0.</param>
    /// <param name="parts">How many there are.</param>
    void Run(int part, int parts);
}
