using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Internal;
using TorchSharp;

namespace Microsoft.ML.PaT.Training;

/// <summary>Chooses the training device from the options and the GPU settings of the <see cref="MLContext"/>.</summary>
internal static class DeviceChoice
{
    /// <summary>Chooses the device of a rank: on a machine with GPUs, the GPU with its local index.</summary>
    public static torch.Device Of(ComputeDevice device, int? gpuDeviceId, bool fallbackToCpu, Communicator ranks) =>
        Of(
            device,
            ranks.Size > 1 && (gpuDeviceId is not null || device == ComputeDevice.Cuda) ? ranks.LocalRank : gpuDeviceId,
            fallbackToCpu);

    /// <param name="device">Device in the options.</param>
    /// <param name="gpuDeviceId">GPU of the context, if any.</param>
    /// <param name="fallbackToCpu">Whether to use the CPU if the context's GPU is missing.</param>
    /// <exception cref="DeviceUnavailableException">The options require a GPU and there is none, the context's GPU is
    /// missing and it does not fall back to the CPU, or libtorch cannot be loaded.</exception>
    public static torch.Device Of(ComputeDevice device, int? gpuDeviceId, bool fallbackToCpu)
    {
        TorchLibrary.Require();
        if (device == ComputeDevice.Cpu || (device == ComputeDevice.Automatic && gpuDeviceId is null)) return torch.CPU;
        var wanted = gpuDeviceId ?? 0;
        var there = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (wanted >= 0 && wanted < there) return torch.device(DeviceType.CUDA, wanted);
        return fallbackToCpu && device == ComputeDevice.Automatic
            ? torch.CPU
            : throw new DeviceUnavailableException(
                ErrorCodes.GpuUnavailable,
                $"GPU {wanted} was requested, but libtorch finds {there} CUDA devices. Train on the CPU (Device = "
                    + "Cpu), let MLContext decide (Device = Automatic, MLContext.FallbackToCpu = true), or use a "
                    + "libtorch with CUDA (package TorchSharp-cuda-linux or TorchSharp-cuda-windows) and a driver "
                    + "that it supports.");
    }
}
