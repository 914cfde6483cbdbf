using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Internal;
using TorchSharp;

namespace Microsoft.ML.PaT.Training;

/// <summary>Decides where to train, from the options and from what the <see cref="MLContext"/> says about GPUs.</summary>
internal static class DeviceChoice
{
    /// <summary>Decides for a rank: on a machine with GPUs, each takes that of its local number.</summary>
    /// <inheritdoc cref="Of(ComputeDevice, int?, bool)"/>
    public static torch.Device Of(ComputeDevice device, int? gpuDeviceId, bool fallbackToCpu, Communicator ranks) =>
        Of(device, ranks.Size > 1 && (gpuDeviceId is not null || device == ComputeDevice.Cuda) ? ranks.LocalRank : gpuDeviceId, fallbackToCpu);

    /// <summary>Decides.</summary>
    /// <param name="device">What the options ask for.</param>
    /// <param name="gpuDeviceId">The GPU that the context names, if any.</param>
    /// <param name="fallbackToCpu">Whether the CPU will do where the GPU that the context names is absent; false by default.</param>
    /// <exception cref="DeviceUnavailableException">The options ask for a GPU and there is none, or the context names one and does not fall back to the CPU.</exception>
    /// <exception cref="DeviceUnavailableException">libtorch cannot be loaded.</exception>
    public static torch.Device Of(ComputeDevice device, int? gpuDeviceId, bool fallbackToCpu)
    {
        TorchLibrary.Require();
        if (device == ComputeDevice.Cpu || (device == ComputeDevice.Automatic && gpuDeviceId is null)) return torch.CPU;
        var wanted = gpuDeviceId ?? 0;
        var there = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (wanted >= 0 && wanted < there) return torch.device(DeviceType.CUDA, wanted);
        return fallbackToCpu && device == ComputeDevice.Automatic ? torch.CPU : throw new DeviceUnavailableException(ErrorCodes.GpuUnavailable,
            $"GPU {wanted} was asked for, and libtorch sees {there} CUDA devices. Train on the CPU (Device = Cpu), let MLContext decide (Device = Automatic, MLContext.FallbackToCpu = true), or use a libtorch with CUDA (package TorchSharp-cuda-linux or TorchSharp-cuda-windows) and a driver that it supports.");
    }
}
