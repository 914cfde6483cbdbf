using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

public class OnnxQuantizerTests
{
    private const int Graph = 7, Node = 1, Initializer = 5;

    [Test]
    public void Every_convolution_and_linear_layer_reads_and_weighs_in_integers()
    {
        using var classifier = TinyClassifiers.Create();
        var graph = Export(classifier, TinyClassifiers.Images(16));
        var makers = graph.Messages(Node).ToDictionary(n => n.Text(2));
        foreach (var node in graph.Messages(Node).Where(n => n.Text(4) is "Conv" or "Gemm"))
            Assert.That(node.Texts(1).Select(Maker), Is.All.EqualTo("DequantizeLinear"), node.Text(2));
        var constants = graph.Messages(Initializer);
        foreach (var constant in constants.Where(c => c.Text(8).EndsWith(".weight", StringComparison.Ordinal)))
            Assert.That(constant.Integer(2), Is.EqualTo(3), $"{constant.Text(8)} is int8");

        string Maker(string value) =>
            makers[value].Text(4) == "Flatten" ? Maker(makers[value].Texts(1).First()) : makers[value].Text(4);
    }

    [Test]
    public void Scales_and_zero_points_are_those_of_the_ranges()
    {
        // Pixels of 0 to 255 are unchanged; weights are 1 and -0.25 for one output, 0.5 and 0 for the other; logits are
        // floats.
        var builder = new NetworkBuilder("tiny", new(2, 1, 1));
        builder.Linear("fc", NetworkDefinition.InputName, 2);
        using var weight = tensor(new[] { 1f, -0.25f, 0.5f, 0f }).reshape(2, 2);
        using var bias = tensor(new[] { 1f, -1f });
        using var classifier = new ImageClassifier(
            builder.Build(),
            new Dictionary<string, Tensor> { ["fc.weight"] = weight, ["fc.bias"] = bias },
            new([0, 0], [1 / 255f, 1 / 255f]),
            ["a", "b"]);
        var constants =
            Export(classifier, [0, 255]).Messages(Initializer).ToDictionary(c => c.Text(8), c => c.Bytes(9));
        Assert.That(BitConverter.ToSingle(constants["input/scale"]), Is.EqualTo(1).Within(1e-6));
        Assert.That(constants["input/zero"], Is.EqualTo(new byte[] { 0 }));
        Assert.That(
            Array.ConvertAll(constants["fc.weight"], b => (sbyte)b), Is.EqualTo(new sbyte[] { 64, -16, 64, 0 }));
        Assert.That(
            MemoryMarshal.Cast<byte, float>(constants["fc.weight/scale"]).ToArray(),
            Is.EqualTo(new[] { 1 / 64f, 0.5f / 64 }));
        Assert.That(MemoryMarshal.Cast<byte, int>(constants["fc.bias"]).ToArray(), Is.EqualTo(new[] { 64, -128 }));
    }

    [Test]
    public void A_bias_beside_weights_of_next_to_nothing_still_fits()
    {
        var builder = new NetworkBuilder("tiny", new(1, 1, 1));
        builder.Linear("fc", NetworkDefinition.InputName, 2);
        using var weight = tensor(new[] { 1e-20f, 0f }).reshape(2, 1);
        using var bias = tensor(new[] { 3f, 0f });
        using var classifier = new ImageClassifier(
            builder.Build(),
            new Dictionary<string, Tensor> { ["fc.weight"] = weight, ["fc.bias"] = bias },
            new([0], [1]),
            ["a", "b"]);
        var constants =
            Export(classifier, [0, 255]).Messages(Initializer).ToDictionary(c => c.Text(8), c => c.Bytes(9));
        var steps = MemoryMarshal.Cast<byte, int>(constants["fc.bias"]).ToArray();
        var scales = MemoryMarshal.Cast<byte, float>(constants["fc.bias/scale"]).ToArray();
        Assert.That(steps[0] * (double)scales[0], Is.EqualTo(3).Within(1e-6));
        Assert.That(steps[1], Is.Zero);
    }

    [Test]
    public void Bytes_that_are_no_whole_images_are_refused()
    {
        using var classifier = TinyClassifiers.Create();
        Assert.That(
            () => Export(classifier, new byte[100]), Throws.ArgumentException.With.Message.Contains("192 bytes"));
    }

    [Test]
    public void Quantized_output_is_close_to_float_output()
    {
        string[] names = ["resnet20-cifar", "mobilenet_v2", "mobilenet_v3_small"];
        foreach (var name in names)
        {
            var definition = TinyNetworks.Half(Networks.ByName(name).Build(new(3, 32, 32), 10));
            using var network = TinyNetworks.Trainable(definition);
            using var classifier = new ImageClassifier(
                definition,
                network.Tensors,
                TinyClassifiers.Normalization,
                [.. Enumerable.Range(0, 10).Select(c => $"{c}")]);
            var images = new byte[16 * definition.Input.Size];
            new Random(4).NextBytes(images);
            var (floats, _) = OnnxModels.Run(classifier, new() { Softmax = false }, images);
            var (integers, _) =
                OnnxModels.Run(classifier, new() { Softmax = false, CalibrationImages = images }, images);
            var range = floats.Max() - floats.Min();
            var error = Math.Sqrt(floats.Zip(integers, (a, b) => (double)(a - b) * (a - b)).Average());
            Assert.That(error, Is.LessThan(0.1 * range).And.GreaterThan(0), name);
        }
    }

    /// <summary>A max-pool never returns the padding, so it does not belong to the range of the activations.</summary>
    [Test]
    public void Padding_below_every_value_before_a_max_pool_costs_no_precision()
    {
        var builder = new NetworkBuilder("padded", new(3, 8, 8));
        var first = builder.Convolution("conv1", NetworkDefinition.InputName, 8, 3);
        var inner = builder.PixelPad("inner", first, 0, 0, 1, 0, -3e38f);
        var pooled = builder.MaxPool("pool", builder.PixelPad("outer", inner, 0, 0, 0, 1, -3e38f), 2, 1);
        var second = builder.Convolution("conv2", pooled, 8, 3);
        builder.Linear("fc", builder.GlobalAveragePool("means", second), 3);
        var definition = builder.Build();
        using var network = TinyNetworks.Trainable(definition);
        using var classifier =
            new ImageClassifier(definition, network.Tensors, TinyClassifiers.Normalization, ["a", "b", "c"]);
        var images = TinyClassifiers.Images(16);
        var (floats, _) = OnnxModels.Run(classifier, new() { Softmax = false }, images);
        var (integers, _) = OnnxModels.Run(classifier, new() { Softmax = false, CalibrationImages = images }, images);
        var range = floats.Max() - floats.Min();
        Assert.That(integers, Is.EqualTo(floats).Within(0.05 * range));
    }

    private static ProtoFields Export(ImageClassifier classifier, byte[] calibration)
    {
        using var stream = new MemoryStream();
        classifier.SaveOnnx(stream, new() { CalibrationImages = calibration });
        return ProtoFields.Parse(stream.ToArray()).Message(Graph);
    }
}
