namespace Microsoft.ML.PaT;

/// <summary>Where a network is trained.</summary>
public enum ComputeDevice
{
    /// <summary>The GPU that <c>MLContext.GpuDeviceId</c> names, else the CPU; the CPU as well where that GPU is absent and <c>MLContext.FallbackToCpu</c> is true.</summary>
    Automatic,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>The first CUDA device, or the one that <c>MLContext.GpuDeviceId</c> names; an error where there is none.</summary>
    Cuda,
}
