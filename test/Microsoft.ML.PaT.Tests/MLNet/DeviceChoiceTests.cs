using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class DeviceChoiceTests
{
    [TestCase(ComputeDevice.Automatic, null)]
    [TestCase(ComputeDevice.Cpu, null)]
    [TestCase(ComputeDevice.Cpu, 0)]
    public void The_cpu_is_the_choice_unless_a_gpu_is_asked_for(ComputeDevice device, int? gpu) =>
        Assert.That(DeviceChoice.Of(device, gpu, fallbackToCpu: false).type, Is.EqualTo(DeviceType.CPU));

    [Test]
    public void A_gpu_that_the_options_ask_for_and_that_is_not_there_is_an_error_that_says_so([Values] bool fallbackToCpu) =>
        Assert.That(() => DeviceChoice.Of(ComputeDevice.Cuda, 1000, fallbackToCpu), Throws.TypeOf<DeviceUnavailableException>().With.Message.Contains("GPU 1000"));

    [TestCase(ComputeDevice.Automatic, 1000)]
    [TestCase(ComputeDevice.Automatic, -1)]
    public void A_gpu_that_the_context_names_and_that_is_not_there_is_an_error_or_the_cpu_as_the_context_says(ComputeDevice device, int? gpu)
    {
        Assert.That(() => DeviceChoice.Of(device, gpu, fallbackToCpu: false), Throws.TypeOf<DeviceUnavailableException>().With.Message.Contains($"GPU {gpu}").And.Message.Contains("FallbackToCpu"));
        Assert.That(DeviceChoice.Of(device, gpu, fallbackToCpu: true).type, Is.EqualTo(DeviceType.CPU));
    }

    [Test]
    public void A_gpu_that_is_there_is_taken()
    {
        if (!torch.cuda.is_available()) Assert.Ignore("libtorch sees no CUDA device on this machine.");
        Assert.That(DeviceChoice.Of(ComputeDevice.Cuda, null, fallbackToCpu: false).type, Is.EqualTo(DeviceType.CUDA));
    }
}
