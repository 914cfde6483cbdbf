using System.Runtime.InteropServices;
using TorchSharp.Tests.Support;

namespace TorchSharp.Tests;

public class SmokeTests
{
    [Test]
    public void ArithmeticOnATinyTensor()
    {
        var x = tensor(new[] { 1f, 2f, 3f });
        Close.To(x * 2 + 1, [3, 5, 7]);
        Close.To(1 - x, [0, -1, -2]);
        Close.To(6 / x, [6, 3, 2]);
        Assert.That(x.sum().item<float>(), Is.EqualTo(6));
    }

    [Test]
    public void GradientOfAConvolution()
    {
        var x = arange(16, dtype: ScalarType.Float32).reshape(1, 1, 4, 4).requires_grad_();
        var w = ones([1, 1, 3, 3], requires_grad: true);
        nn.functional.conv2d(x, w).sum().backward();
        Close.To(w.grad!, [0 + 1 + 4 + 5, 1 + 2 + 5 + 6, 2 + 3 + 6 + 7, 4 + 5 + 8 + 9, 5 + 6 + 9 + 10, 6 + 7 + 10 + 11, 8 + 9 + 12 + 13, 9 + 10 + 13 + 14, 10 + 11 + 14 + 15]);
    }

    [Test]
    public void AnErrorOfLibtorchIsAManagedException()
        => Assert.That(() => ones(2, 3).matmul(ones(2, 3)), Throws.InstanceOf<ExternalException>().With.Message.Contains("cannot be multiplied"));

    [Test]
    public void IndexingReadsAndWrites()
    {
        var x = arange(12).reshape(3, 4);
        Close.To(x[1], [4, 5, 6, 7]);
        Close.To(x[TensorIndex.Colon, TensorIndex.Slice(1, null, 2)], [1, 3, 5, 7, 9, 11]);
        Close.To(x[tensor(new[] { 2L, 0L })], [8, 9, 10, 11, 0, 1, 2, 3]);
        x[1, 2] = tensor(100L);
        Assert.That(x[1, 2].item<long>(), Is.EqualTo(100));
        x[x > 9] = tensor(0L);
        Close.To(x, [0, 1, 2, 3, 4, 5, 0, 7, 8, 9, 0, 0]);
    }
}
