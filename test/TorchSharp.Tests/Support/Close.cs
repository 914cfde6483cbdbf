namespace TorchSharp.Tests.Support;

/// <summary>Comparisons of tensors with numbers.</summary>
internal static class Close
{
    internal static double[] Numbers(this Tensor tensor)
    {
        using var plain = tensor.detach().cpu().to(ScalarType.Float64);
        return plain.data<double>().ToArray();
    }

    internal static void To(Tensor actual, double[] expected, double tolerance = 1e-6)
        => Assert.That(actual.Numbers(), Is.EqualTo(expected).Within(tolerance));

    internal static void To(Tensor actual, Tensor expected, double tolerance = 1e-6)
    {
        Assert.That(actual.shape, Is.EqualTo(expected.shape));
        To(actual, expected.Numbers(), tolerance);
    }
}
