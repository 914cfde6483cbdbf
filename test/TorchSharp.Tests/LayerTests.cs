using TorchSharp.Modules;
using TorchSharp.Tests.Support;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests;

/// <summary>Each layer is its functional form with the arguments it was made with.</summary>
public class LayerTests
{
    private static readonly Func<long[], Tensor> s_input = shape =>
    {
        using var generator = new Generator(5);
        return randn(shape, generator: generator);
    };

    private static IEnumerable<TestCaseData> Simple()
    {
        TestCaseData Of(Module<Tensor, Tensor> module, Func<Tensor, Tensor> expected, params long[] shape) => new TestCaseData(module, expected, shape).SetName($"{module.GetType().Name} on {string.Join('x', shape)}");
        yield return Of(ReLU(), x => x.clamp_min(0), 2, 3);
        yield return Of(ReLU6(), x => x.clamp(0, 6), 2, 3);
        yield return Of(LeakyReLU(0.2), x => x.clamp_min(0) + 0.2 * x.clamp_max(0), 2, 3);
        yield return Of(ELU(0.5), x => x.clamp_min(0) + 0.5 * x.clamp_max(0).expm1(), 2, 3);
        yield return Of(CELU(0.5), x => x.clamp_min(0) + 0.5 * (x.clamp_max(0) / 0.5).expm1(), 2, 3);
        yield return Of(SELU(), x => 1.0507009873554805 * (x.clamp_min(0) + 1.6732632423543772 * x.clamp_max(0).expm1()), 2, 3);
        yield return Of(SiLU(), x => x / (1 + (-x).exp()), 2, 3);
        yield return Of(GELU(), x => x * 0.5 * (1 + (x / Math.Sqrt(2)).erf()), 2, 3);
        yield return Of(Mish(), x => x * x.exp().log1p().tanh(), 2, 3);
        yield return Of(Hardswish(), x => x * (x + 3).clamp(0, 6) / 6, 2, 3);
        yield return Of(Hardsigmoid(), x => (x + 3).clamp(0, 6) / 6, 2, 3);
        yield return Of(Hardtanh(-0.5, 0.7), x => x.clamp(-0.5, 0.7), 2, 3);
        yield return Of(nn.Sigmoid(), x => 1 / (1 + (-x).exp()), 2, 3);
        yield return Of(LogSigmoid(), x => -(-x).exp().log1p(), 2, 3);
        yield return Of(nn.Tanh(), x => x.sinh() / x.cosh(), 2, 3);
        yield return Of(Softplus(2), x => (2 * x).exp().log1p() / 2, 2, 3);
        yield return Of(nn.Softsign(), x => x / (1 + x.abs()), 2, 3);
        yield return Of(GLU(1), x => x[TensorIndex.Colon, TensorIndex.Slice(0, 2)] / (1 + (-x[TensorIndex.Colon, TensorIndex.Slice(2)]).exp()), 2, 4);
        yield return Of(nn.Softmax(1), x => x.exp() / x.exp().sum([1], keepdim: true), 2, 3);
        yield return Of(Softmin(1), x => (-x).exp() / (-x).exp().sum([1], keepdim: true), 2, 3);
        yield return Of(LogSoftmax(1), x => x - x.exp().sum([1], keepdim: true).log(), 2, 3);
        yield return Of(PReLU(3, 0.1), x => x.clamp_min(0) + 0.1 * x.clamp_max(0), 2, 3);
        yield return Of(Identity(), x => x, 2, 3);
        yield return Of(Flatten(), x => x.reshape(2, 12), 2, 3, 4);
        yield return Of(PixelShuffle(2), x => x.reshape(1, 1, 2, 2, 3, 3).permute(0, 1, 4, 2, 5, 3).reshape(1, 1, 6, 6), 1, 4, 3, 3);
        yield return Of(MaxPool2d(2), x => x.reshape(1, 2, 2, 2, 2, 2).amax(3, 5), 1, 2, 4, 4);
        yield return Of(AvgPool2d(2), x => x.reshape(1, 2, 2, 2, 2, 2).mean([3, 5]), 1, 2, 4, 4);
        yield return Of(AdaptiveAvgPool2d(1), x => x.mean([2, 3], keepdim: true), 1, 2, 4, 5);
        yield return Of(AdaptiveMaxPool2d([1, 1]), x => x.amax([2, 3], keepdim: true), 1, 2, 4, 5);
        yield return Of(ZeroPad2d(1), x => functional.pad(x, new long[] { 1, 1, 1, 1 }), 1, 1, 2, 2);
        yield return Of(ConstantPad2d((1, 0, 2, 0), 3), x => functional.pad(x, new long[] { 1, 0, 2, 0 }, PaddingModes.Constant, 3), 1, 1, 2, 2);
        yield return Of(ReflectionPad2d(1), x => x.index_select(2, tensor(new[] { 1L, 0, 1, 2, 1 })).index_select(3, tensor(new[] { 1L, 0, 1, 2, 1 })), 1, 1, 3, 3);
        yield return Of(ReplicationPad2d(1), x => x.index_select(2, tensor(new[] { 0L, 0, 1, 2, 2 })).index_select(3, tensor(new[] { 0L, 0, 1, 2, 2 })), 1, 1, 3, 3);
        yield return Of(GroupNorm(2, 4), x => Normalised(x.reshape(2, 2, -1), [2]).reshape(2, 4, 3), 2, 4, 3);
        yield return Of(LayerNorm(4), x => Normalised(x, [2]), 2, 3, 4);
        yield return Of(InstanceNorm2d(3), x => Normalised(x, [2, 3]), 2, 3, 4, 4);
    }

    private static Tensor Normalised(Tensor x, long[] over) => (x - x.mean(over, keepdim: true)) / (x.var(over, unbiased: false, keepdim: true) + 1e-5).sqrt();

    [TestCaseSource(nameof(Simple))]
    public void ComputesItsFormula(Module<Tensor, Tensor> module, Func<Tensor, Tensor> expected, long[] shape)
    {
        using var owned = module;
        var input = s_input(shape);
        var copy = input.clone();
        Close.To(module.call(input), expected(copy), 1e-5);
        Close.To(input, copy);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void InPlaceChangesTheInput(bool inplace)
    {
        using var relu = ReLU(inplace);
        var x = tensor(new[] { -1f, 2f });
        Close.To(relu.call(x), [0, 2]);
        Close.To(x, [inplace ? 0 : -1, 2]);
    }

    [Test]
    public void DropoutZeroesAboutAsManyAsItSays()
    {
        manual_seed(1);
        using var dropout = Dropout(0.25);
        var x = ones(10_000);
        var y = dropout.call(x);
        Assert.That(y.eq(0).sum().ToInt64(), Is.InRange(2300, 2700));
        Close.To(y.amax(), [1 / 0.75], 1e-6);
        dropout.eval();
        Close.To(dropout.call(x), x);
        using var channels = Dropout2d(0.5);
        var z = channels.call(ones(50, 20, 2, 2)).sum([2, 3]);
        Assert.That(z.eq(0).logical_or(z.eq(8)).all().ToBoolean(), "whole channels go or stay");
    }

    [TestCase(1, 1, 0, 1, 1)]
    [TestCase(3, 2, 1, 1, 2)]
    [TestCase(3, 1, 2, 2, 1)]
    public void Conv2dAgainstLoops(long kernel, long stride, long padding, long dilation, long groups)
    {
        using var conv = Conv2d(2, 4, kernel, stride, padding, dilation, groups: groups);
        var x = s_input([2, 2, 6, 5]);
        var y = conv.call(x);
        var (input, weight, bias, output) = (x.data<float>(), conv.weight.data<float>(), conv.bias!.data<float>(), y.data<float>());
        var shape = y.shape;
        for (long n = 0; n < shape[0]; n++)
            for (long o = 0; o < shape[1]; o++)
                for (long i = 0; i < shape[2]; i++)
                    for (long j = 0; j < shape[3]; j++)
                    {
                        double sum = bias[o];
                        long per = 2 / groups, first = o / (4 / groups) * per;
                        for (long c = 0; c < per; c++)
                            for (long u = 0; u < kernel; u++)
                                for (long v = 0; v < kernel; v++)
                                {
                                    long r = i * stride - padding + u * dilation, s = j * stride - padding + v * dilation;
                                    if (r is >= 0 and < 6 && s is >= 0 and < 5) sum += input[n, first + c, r, s] * weight[o, c, u, v];
                                }
                        Assert.That(output[n, o, i, j], Is.EqualTo(sum).Within(1e-4));
                    }
    }

    [Test]
    public void SamePaddingKeepsTheSizeAndOtherModesPadFirst()
    {
        using var same = Conv2d(1, 1, 4, Padding.Same);
        Assert.That(same.call(ones(1, 1, 5, 7)).shape, Is.EqualTo(new long[] { 1, 1, 5, 7 }));
        using var circular = Conv2d(1, 1, 3, padding: 1, padding_mode: PaddingModes.Circular, bias: false);
        var x = s_input([1, 1, 4, 4]);
        Close.To(circular.call(x), functional.conv2d(functional.pad(x, new long[] { 1, 1, 1, 1 }, PaddingModes.Circular), circular.weight), 1e-5);
        Assert.That(() => Conv2d(3, 4, 1, groups: 2), Throws.ArgumentException);
    }

    [Test]
    public void TransposedConvolutionIsTheGradientOfTheConvolution()
    {
        using var transposed = ConvTranspose2d(3, 2, 3, stride: 2, padding: 1, bias: false);
        var y = s_input([1, 3, 4, 4]);
        var x = zeros([1, 2, 7, 7], requires_grad: true);
        (functional.conv2d(x, transposed.weight.detach(), null, [2, 2], [1, 1]) * y).sum().backward();
        Close.To(transposed.call(y), x.grad!, 1e-5);
    }

    [Test]
    public void InitialWeightsHaveTheDocumentedSpread()
    {
        manual_seed(0);
        using var linear = Linear(400, 300);
        double bound = 1 / Math.Sqrt(400);
        Assert.That(linear.weight.amax().ToDouble(), Is.InRange(0.99 * bound, bound));
        Assert.That(linear.weight.std().ToDouble(), Is.EqualTo(bound / Math.Sqrt(3)).Within(0.01 * bound));
        var w = empty(200, 100, 3, 3);
        Assert.That(init.CalculateFanInAndFanOut(w), Is.EqualTo((900L, 1800L)));
        void Deviation(Tensor filled, double expected) => Assert.That(filled.std().ToDouble(), Is.EqualTo(expected).Within(0.02 * expected));
        Deviation(init.kaiming_normal_(w, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU), Math.Sqrt(2.0 / 1800));
        Deviation(init.kaiming_uniform_(w, nonlinearity: init.NonlinearityType.ReLU), Math.Sqrt(2.0 / 900));
        Deviation(init.xavier_normal_(w), Math.Sqrt(2.0 / 2700));
        Deviation(init.xavier_uniform_(w, 3), 3 * Math.Sqrt(2.0 / 2700));
        Deviation(init.normal_(w, 0, 0.3), 0.3);
        Deviation(init.uniform_(w, -1, 1), 1 / Math.Sqrt(3));
        Assert.That(init.trunc_normal_(w, std: 1, a: -0.5, b: 0.5).abs().amax().ToDouble(), Is.LessThanOrEqualTo(0.5));
        Close.To(init.constant_(empty(2), 4), [4, 4]);
        Close.To(init.ones_(init.zeros_(empty(2))), [1, 1]);
        Assert.That(init.calculate_gain(init.NonlinearityType.LeakyReLU, 0.2), Is.EqualTo(Math.Sqrt(2 / 1.04)).Within(1e-12));
    }

    [Test]
    public void LossModulesAreTheirFunctions()
    {
        var (x, t) = (s_input([4, 3]), tensor(new[] { 2L, 0, 1, 2 }));
        var y = x.flip(0);
        Close.To(CrossEntropyLoss(reduction: Reduction.Sum).call(x, t), functional.cross_entropy(x, t, reduction: Reduction.Sum), 1e-6);
        Close.To(new CrossEntropyLoss(label_smoothing: 0.1).call(x, t), functional.cross_entropy(x, t, label_smoothing: 0.1), 1e-6);
        Close.To(NLLLoss().call(x.log_softmax(1), t), functional.cross_entropy(x, t), 1e-6);
        Close.To(MSELoss().call(x, y), (x - y).square().mean(), 1e-6);
        Close.To(L1Loss().call(x, y), (x - y).abs().mean(), 1e-6);
        Close.To(SmoothL1Loss(beta: 0.5).call(x, y), functional.smooth_l1_loss(x, y, beta: 0.5), 1e-6);
        Close.To(HuberLoss(0.5).call(x, y), functional.huber_loss(x, y, 0.5), 1e-6);
        Close.To(KLDivLoss().call(x, y), (y.exp() * (y - x)).mean(), 1e-5);
        var (p, bit) = (x.sigmoid(), x.gt(0).to(ScalarType.Float32));
        Close.To(BCELoss().call(p, bit), -(bit * p.log() + (1 - bit) * (1 - p).log()).mean(), 1e-5);
        Close.To(BCEWithLogitsLoss().call(x, bit), BCELoss().call(p, bit), 1e-5);
    }
}
