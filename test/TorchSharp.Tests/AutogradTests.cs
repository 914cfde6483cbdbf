using TorchSharp.Tests.Support;

namespace TorchSharp.Tests;

/// <summary>Gradients against central differences in double precision, and the rules of the recording.</summary>
public class AutogradTests
{
    private static Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64, generator: s_generator);

    private static Generator s_generator = new(0);

    private static IEnumerable<TestCaseData> Functions()
    {
        TestCaseData Of(string name, Func<Tensor, Tensor> function, params long[] shape) => new TestCaseData(function, shape).SetName($"Gradient of {name}");
        yield return Of("conv2d, input", x => nn.functional.conv2d(x, Fixed(4, 1, 3, 3), Fixed(4), [2, 1], [1, 1], null, 2), 1, 2, 4, 4);
        yield return Of("conv2d, weight", w => nn.functional.conv2d(Fixed(2, 2, 4, 4), w, null, null, [1, 1]), 3, 2, 3, 3);
        yield return Of("batch_norm in training", x => nn.functional.batch_norm(x, zeros(3, ScalarType.Float64), ones(3, ScalarType.Float64), Fixed(3), Fixed(3), true), 4, 3, 2, 2);
        yield return Of("group_norm", x => nn.functional.group_norm(x, 2, Fixed(4), Fixed(4)), 2, 4, 3);
        yield return Of("layer_norm", x => nn.functional.layer_norm(x, [4], Fixed(4), Fixed(4)), 3, 4);
        yield return Of("linear", w => nn.functional.linear(Fixed(3, 4), w, Fixed(2)), 2, 4);
        yield return Of("max_pool2d", x => nn.functional.max_pool2d(x, 2), 1, 1, 4, 4);
        yield return Of("adaptive_avg_pool2d", x => nn.functional.adaptive_avg_pool2d(x, 2), 1, 2, 5, 3);
        yield return Of("pad by reflection", x => nn.functional.pad(x, new long[] { 1, 1, 2, 1 }, PaddingModes.Reflect), 1, 1, 3, 4);
        yield return Of("bilinear upsampling", x => nn.functional.upsample(x, [5, 6], null, UpsampleMode.Bilinear), 1, 1, 3, 3);
        yield return Of("attention", q => nn.functional.scaled_dot_product_attention(q, Fixed(2, 4, 3), Fixed(2, 4, 3), is_casual: true), 2, 4, 3);
        yield return Of("cross entropy with smoothing", x => nn.functional.cross_entropy(x, tensor(new[] { 2L, 0L, 1L }), label_smoothing: 0.1), 3, 3);
        yield return Of("silu and softmax", x => nn.functional.silu(x).softmax(1), 2, 3);
        yield return Of("indexing", x => x[TensorIndex.Ellipsis, TensorIndex.Slice(0, null, 2)] * x[tensor(new[] { 1L, 1L })].sum(), 2, 4);
        yield return Of("std over two dimensions", x => x.std([0, 2]), 2, 3, 2);
        yield return Of("cat, stack and where", x => stack([cat([x, x.exp()], 0), cat([x, x], 0)]).where(ones([1], ScalarType.Bool), x.sum()), 2, 3);
        yield return Of("matrix products", x => einsum("ij,kj->ik", x, Fixed(2, 3)).matmul(Fixed(2, 2)), 2, 3);
    }

    /// <summary>Constants of a gradient test: the same at every call.</summary>
    private static Tensor Fixed(params long[] shape)
    {
        using var generator = new Generator(7);
        return randn(shape, ScalarType.Float64, generator: generator);
    }

    [TestCaseSource(nameof(Functions))]
    public void AgreesWithCentralDifferences(Func<Tensor, Tensor> function, long[] shape)
    {
        s_generator.manual_seed(3);
        var input = Random(shape);
        // A random projection makes one number of any output.
        double Value(Tensor x)
        {
            using var scope = NewDisposeScope();
            var output = function(x);
            return (output * Fixed(output.shape)).sum().ToDouble();
        }
        var leaf = input.clone().requires_grad_();
        var result = function(leaf);
        (result * Fixed(result.shape)).sum().backward();
        const double step = 1e-5;
        using var unrecorded = no_grad();
        var numeric = new double[input.numel()];
        for (int i = 0; i < numeric.Length; i++)
        {
            using var scope = NewDisposeScope();
            var up = input.clone();
            up.view(-1)[i] += step;
            var down = input.clone();
            down.view(-1)[i] -= step;
            numeric[i] = (Value(up) - Value(down)) / (2 * step);
        }
        Close.To(leaf.grad!, numeric, 1e-6);
    }

    [Test]
    public void GradientsAddUpUntilTheyAreForgotten()
    {
        var x = tensor(3.0, requires_grad: true);
        (x * x).backward();
        (x * x).backward();
        Assert.That(x.grad!.ToDouble(), Is.EqualTo(12));
        x.grad = null;
        Assert.That(x.grad, Is.Null);
    }

    [Test]
    public void GradReturnsGradientsAndLeavesTheLeavesAlone()
    {
        var x = tensor(2.0, requires_grad: true);
        var y = tensor(5.0, requires_grad: true);
        var unused = tensor(1.0, requires_grad: true);
        var z = x * x * y;
        var first = autograd.grad([z], [x, y, unused], retain_graph: true, create_graph: true, allow_unused: true);
        Assert.That((first[0].ToDouble(), first[1].ToDouble()), Is.EqualTo((20.0, 4.0)));
        Assert.That(first[2], Is.Null);
        Assert.That(autograd.grad([first[0]], [x])[0].ToDouble(), Is.EqualTo(10), "the second derivative");
        Assert.That(x.grad, Is.Null);
    }

    [Test]
    public void NothingIsRecordedWithoutGrad()
    {
        var x = ones([2], requires_grad: true);
        using (no_grad())
        {
            Assert.That((x * 2).requires_grad, Is.False);
            using (enable_grad()) Assert.That((x * 2).requires_grad, Is.True);
            Assert.That(is_grad_enabled(), Is.False);
        }
        Assert.That(is_grad_enabled(), Is.True);
        using (inference_mode())
        {
            Assert.That(is_inference_mode_enabled(), Is.True);
            Assert.That((x * 2).requires_grad, Is.False);
        }
        Assert.That(is_inference_mode_enabled(), Is.False);
    }

    [Test]
    public void LeavesAndRetainedGradients()
    {
        var x = ones([2], requires_grad: true);
        var y = x * 3;
        Assert.That((x.is_leaf, y.is_leaf), Is.EqualTo((true, false)));
        y.retain_grad();
        (y * y).sum().backward();
        Close.To(y.grad!, [6, 6]);
        Assert.That(x.detach().requires_grad, Is.False);
    }

    [Test]
    public void AGradientOfAnotherShapeIsRefused()
        => Assert.That(() => ones(2).grad = ones(3), Throws.InstanceOf<System.Runtime.InteropServices.ExternalException>().With.Message.Contains("shape"));

    [OneTimeTearDown]
    public void TearDown() => s_generator.Dispose();
}
