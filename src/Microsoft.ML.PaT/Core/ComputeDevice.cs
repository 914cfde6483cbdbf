namespace Microsoft.ML.PaT;

/// <summary>Where a network is trained.</summary>
public enum ComputeDevice
{
    /// <summary>The GPU that <c>MLContext.GpuDeviceId</c> names, else the CPU; also where that GPU is absent and <c>MLContext.FallbackToCpu</c> is true, as it is by default.</summary>
    Automatic,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>The first CUDA device, or the one that <c>MLContext.GpuDeviceId</c> names; an error where there is none.</summary>
    Cuda,
}
