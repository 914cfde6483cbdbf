using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class DeviceChoiceTests
{
    [TestCase(ComputeDevice.Automatic, null)]
    [TestCase(ComputeDevice.Cpu, null)]
    [TestCase(ComputeDevice.Cpu, 0)]
    public void Cpu_is_used_unless_a_gpu_is_requested(ComputeDevice device, int? gpu) =>
        Assert.That(DeviceChoice.Of(device, gpu, fallbackToCpu: false).type, Is.EqualTo(DeviceType.CPU));

    [Test]
    public void Missing_gpu_of_options_throws(
        [Values] bool fallbackToCpu) =>
        Assert.That(
            () => DeviceChoice.Of(ComputeDevice.Cuda, 1000, fallbackToCpu),
            Throws.TypeOf<DeviceUnavailableException>().With.Message.Contains("GPU 1000"));

    [TestCase(ComputeDevice.Automatic, 1000)]
    [TestCase(ComputeDevice.Automatic, -1)]
    public void Missing_gpu_of_context_throws_unless_context_falls_back_to_cpu(
        ComputeDevice device, int? gpu)
    {
        Assert.That(
            () => DeviceChoice.Of(device, gpu, fallbackToCpu: false),
            Throws.TypeOf<DeviceUnavailableException>()
                .With.Message.Contains($"GPU {gpu}")
                .And.Message.Contains("FallbackToCpu"));
        Assert.That(DeviceChoice.Of(device, gpu, fallbackToCpu: true).type, Is.EqualTo(DeviceType.CPU));
    }

    [Test]
    public void Available_gpu_is_used()
    {
        if (!torch.cuda.is_available()) Assert.Ignore("libtorch sees no CUDA device on this machine.");
        Assert.That(DeviceChoice.Of(ComputeDevice.Cuda, null, fallbackToCpu: false).type, Is.EqualTo(DeviceType.CUDA));
    }
}
