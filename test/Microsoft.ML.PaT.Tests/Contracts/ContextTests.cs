namespace Microsoft.ML.PaT.Tests.Contracts;

/// <summary>Defaults of <c>MLContext</c> that the choice of a device relies on.</summary>
public class ContextTests
{
    [Test]
    public void A_context_names_no_gpu_and_does_not_fall_back_to_the_cpu()
    {
        var ml = new MLContext();
        Assert.That(ml.GpuDeviceId, Is.Null);
        Assert.That(ml.FallbackToCpu, Is.False);
    }
}
