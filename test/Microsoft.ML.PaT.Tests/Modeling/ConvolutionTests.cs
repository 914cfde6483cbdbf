namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// oneDNN corrupts memory in some convolutions, so a process of its own computes them
/// (docs/decisions/strided-convolutions.md, docs/decisions/hidden-caches.md).
/// </summary>
public class ConvolutionTests
{
    [TestCase("ALL")]
    [TestCase("AVX2")]
    [TestCase("SSE41")]
    public void Values_and_gradients_are_right_at_every_width(string instructions) =>
        Assert.That(
            ChildProgram.Run("convolutions", "ONEDNN_MAX_CPU_ISA", instructions), Is.EqualTo(("right", "", 0)));
}
