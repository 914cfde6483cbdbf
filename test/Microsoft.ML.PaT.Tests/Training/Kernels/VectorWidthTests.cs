using System.Runtime.Intrinsics;
using Microsoft.ML.PaT.Training.Kernels;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Fused norms with narrower vectors than the machine's, in processes that disable wider ones.</summary>
public class VectorWidthTests
{
    [Test]
    public void Without_AVX512_vectors_have_256_bits()
    {
        if (!Vector256.IsHardwareAccelerated) Assert.Ignore("this machine has no vectors of 256 bits");
        Assert.That(Run("DOTNET_EnableAVX512"), Is.EqualTo("256 256"));
    }

    [Test]
    public void Without_AVX2_vectors_have_128_bits() => Assert.That(Run("DOTNET_EnableAVX2"), Is.EqualTo("128 128"));

    [Test]
    public void Vectors_are_as_wide_as_the_machines() =>
        Assert.That(
            NormLoops.Of(null).Lanes * 32,
            Is.EqualTo(
                Vector512.IsHardwareAccelerated ? 512
                : Vector256.IsHardwareAccelerated ? 256
                : 128));

    private static string Run(string withoutIt)
    {
        var (said, error, _) = ChildProgram.Run("kernels", withoutIt, "0");
        Assert.That(error, Is.Empty);
        return said;
    }
}
