using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

internal static class TensorAssert
{
    /// <summary>
    /// Requires equal shapes and differences of at most tolerance times max(1, largest absolute value).
    /// </summary>
    public static void Close(torch.Tensor actual, torch.Tensor expected, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        Assert.That(actual.shape, Is.EqualTo(expected.shape));
        var difference =
            (actual.detach().to(torch.float64) - expected.detach().to(torch.float64)).abs().max().item<double>();
        var scale = Math.Max(1, expected.detach().abs().max().to(torch.float64).item<double>());
        Assert.That(difference, Is.LessThanOrEqualTo(tolerance * scale));
    }
}
