namespace Microsoft.ML.PaT.Tests.Contracts;

/// <summary>Defaults of <c>MLContext</c> that the choice of a device relies on.</summary>
public class ContextTests
{
    [Test]
    public void New_context_has_no_gpu_and_no_fallback_to_cpu()
    {
        var ml = new MLContext();
        Assert.That(ml.GpuDeviceId, Is.Null);
        Assert.That(ml.FallbackToCpu, Is.False);
    }
}
