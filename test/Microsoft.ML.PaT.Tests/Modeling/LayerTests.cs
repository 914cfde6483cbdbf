using Microsoft.ML.PaT.Modeling;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class LayerTests
{
    private static readonly string[] s_one = ["a"];
    private static readonly string[] s_two = ["a", "b"];

    private static readonly Layer[] s_layers =
    [
        new ConvolutionLayer("x", s_one, 4, 6, 3, 2, 0, Bias: true, Groups: 2, Dilation: 2),
        new ConvolutionLayer("x", s_one, 4, 8, 5, 3, 2, Bias: false, Groups: 4),
        new BatchNormLayer("x", s_one, 4),
        new LayerNormLayer("x", s_one, 4),
        new GroupNormLayer("x", s_one, 4, 2),
        new ScaleLayer("x", s_one, 4),
        new LinearLayer("x", s_one, 4, 6),
        new ClassTokenLayer("x", s_one, 4),
        new AttentionLayer("x", s_one, 4, 3, 2),
        new AddLayer("x", s_two),
        new MultiplyLayer("x", s_two),
        new ConcatenateLayer("x", s_two),
        new SelectChannelsLayer("x", s_one, [3, 1]),
        new SelectChannelsLayer("x", s_one, [1, 2]),
        new ZeroPadLayer("x", s_one, 1, 2, 2),
        new MaxPoolLayer("x", s_one, 3, 2),
        new MaxPoolLayer("x", s_one, 3, 2, 1, RoundUp: true),
        new MaxPoolLayer("x", s_one, 2, 5, 1, RoundUp: true),
        new AveragePoolLayer("x", s_one, 3, 2, 1),
        new AdaptiveAveragePoolLayer("x", s_one, 2, 5),
        new GlobalAveragePoolLayer("x", s_one),
        new FlattenLayer("x", s_one),
        new DropoutLayer("x", s_one, 0.5),
        new StochasticDepthLayer("x", s_one, 0.5),
        .. Enum.GetValues<ActivationFunction>().Select(f => new ActivationLayer("x", s_one, f)),
    ];

    [Test]
    public void Computes_the_shape_it_says(
        [ValueSource(nameof(s_layers))] object given, [Values(7, 8, 11)] int height, [Values] bool training)
    {
        using var scope = torch.NewDisposeScope();
        var (layer, shape) = ((Layer)given, new ImageShape(4, height, 9));
        var expected = layer.OutputShape([.. layer.Inputs.Select(_ => shape)]);
        var output =
            Run(layer, training, [.. layer.Inputs.Select(_ => torch.randn(2, 4, height, 9, generator: Seeded()))]);
        Assert.That(output.shape, Is.EqualTo(new long[] { 2, expected.Channels, expected.Height, expected.Width }));
    }

    [Test]
    public void Zeros_lie_around_the_channels_that_pass()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.arange(8).to(torch.float32).view(1, 2, 2, 2);
        var output = Run(new ZeroPadLayer("x", s_one, 1, 2, 2), false, x);
        Assert.That(output.flatten().data<float>().ToArray(), Is.EqualTo(new float[] { 0, 0, 4, 0, 0 }));
    }

    [Test]
    public void Selects_channels_in_order()
    {
        using var scope = torch.NewDisposeScope();
        var output =
            Run(new SelectChannelsLayer("x", s_one, [2, 0]), false, torch.arange(3).to(torch.float32).view(1, 3, 1, 1));
        Assert.That(output.flatten().data<float>().ToArray(), Is.EqualTo(new float[] { 2, 0 }));
    }

    [TestCase(ActivationFunction.Relu, -1, 0)]
    [TestCase(ActivationFunction.Relu6, 7, 6)]
    [TestCase(ActivationFunction.Sigmoid, 0, 0.5)]
    [TestCase(ActivationFunction.HardSigmoid, 0, 0.5)]
    [TestCase(ActivationFunction.HardSigmoid, 1, 2 / 3.0)]
    [TestCase(ActivationFunction.Silu, 1, 0.7310586)]
    [TestCase(ActivationFunction.HardSwish, 1, 2 / 3.0)]
    [TestCase(ActivationFunction.Gelu, 1, 0.8413447)]
    public void Computes_the_function(ActivationFunction function, double x, double y)
    {
        using var scope = torch.NewDisposeScope();
        var output = Run(new ActivationLayer("x", s_one, function), false, torch.full(1, 1, 1, 1, (float)x));
        Assert.That(output.item<float>(), Is.EqualTo(y).Within(1e-6));
    }

    [Test]
    public void Dropout_keeps_the_mean_repeats_and_rests_in_evaluation()
    {
        using var scope = torch.NewDisposeScope();
        var layer = new DropoutLayer("x", s_one, 0.25);
        var x = torch.ones(1, 4, 100, 100);
        var output = Run(layer, true, x);
        Assert.That(output.mean().item<float>(), Is.EqualTo(1).Within(0.02));
        Assert.That(output.eq(0).to(torch.float32).mean().item<float>(), Is.EqualTo(0.25).Within(0.02));
        TensorAssert.Close(Run(layer, true, x), output, 0);
        TensorAssert.Close(Run(layer, false, x), x, 0);
    }

    [Test]
    public void Stochastic_depth_drops_whole_images()
    {
        using var scope = torch.NewDisposeScope();
        var output = Run(new StochasticDepthLayer("x", s_one, 0.5), true, torch.ones(64, 2, 3, 3));
        var means = output.mean([1, 2, 3]).data<float>().ToArray();
        Assert.That(means, Is.All.EqualTo(0f).Or.EqualTo(2f));
        Assert.That(means.Distinct().Count(), Is.EqualTo(2));
    }

    [TestCaseSource(nameof(Misfits))]
    public void Names_the_layer_that_does_not_fit(object misfit)
    {
        var layer = (Layer)misfit;
        Assert.That(() => layer.OutputShape([.. layer.Inputs.Select((_, i) => new ImageShape(4 + i, 4, 4))]),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("'x'"));
    }

    private static IEnumerable<Layer> Misfits =>
    [
        new ConvolutionLayer("x", s_one, 4, 6, 3, 1, 1, Bias: false, Groups: 4),
        new ConvolutionLayer("x", s_one, 4, 4, 3, 1, 0, Bias: false, Dilation: 2),
        new AddLayer("x", s_two),
        new MultiplyLayer("x", s_two),
        new MultiplyLayer("x", s_one),
        new SelectChannelsLayer("x", s_one, [4]),
        new SelectChannelsLayer("x", s_one, []),
        new ZeroPadLayer("x", s_one, -1, 0, 1),
        new MaxPoolLayer("x", s_one, 3, 2, 2),
        new AveragePoolLayer("x", s_one, 5, 1),
        new AdaptiveAveragePoolLayer("x", s_one, 0, 1),
        new DropoutLayer("x", s_one, 1),
        new StochasticDepthLayer("x", s_one, double.NaN),
        new ActivationLayer("x", s_one, (ActivationFunction)99),
        new LinearLayer("x", s_one, 5, 2),
        new LinearLayer("x", s_one, 4, 0),
        new LayerNormLayer("x", s_one, 3),
        new GroupNormLayer("x", s_one, 4, 3),
        new GroupNormLayer("x", s_one, 4, 0),
        new ScaleLayer("x", s_one, 3),
        new ClassTokenLayer("x", s_one, 3),
        new PositionEmbeddingLayer("x", s_one, 4, 16),
        new SelectTokenLayer("x", s_one, 0),
        new AttentionLayer("x", s_one, 3, 1, 4),
        new AttentionLayer("x", s_one, 4, 0, 4),
        new AttentionLayer("x", s_one, 4, 1, 0),
    ];

    private static torch.Generator Seeded() => new(1);

    private static torch.Tensor Run(Layer layer, bool training, params torch.Tensor[] inputs)
    {
        using var noise = Seeded();
        var tensors = layer.Parameters.ToDictionary(p => p.Name, p => torch.ones(p.Shape));
        return layer.Forward(new(inputs, tensors, training, inPlace: false, noise));
    }
}
