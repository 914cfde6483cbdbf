namespace Microsoft.ML.PaT;

/// <summary>Device on which a network is trained.</summary>
public enum ComputeDevice
{
    /// <summary>
    /// The GPU of <c>MLContext.GpuDeviceId</c>, or the CPU if no GPU is set. If that GPU is missing, training runs on
    /// the CPU if <c>MLContext.FallbackToCpu</c> is true, and otherwise throws. <see cref="PruningTrainer"/>, which has
    /// no context, trains on the CPU.
    /// </summary>
    Automatic,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>
    /// The GPU of <c>MLContext.GpuDeviceId</c>, or the first CUDA device if none is set or there is no context.
    /// Training throws if it is missing.
    /// </summary>
    Cuda,
}
