using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// ONNX Runtime's output of an exported model equals the network's, to 1e-4 of the largest absolute value (at least 1).
/// </summary>
public class OnnxRuntimeTests
{
    private const int Images = 2;

    /// <summary>Parameters up to which a network is tested in every run.</summary>
    private const long Small = 12_000_000;

    private static readonly OnnxExportOptions s_logits = new() { Input = OnnxInput.Normalized, Softmax = false };

    private static IEnumerable<string> SmallNetworks => Networks.Names.Where(name => Parameters(name) <= Small);

    private static IEnumerable<string> LargeNetworks => Networks.Names.Where(name => Parameters(name) > Small);

    [Test]
    public void Random_network_of_all_kinds_of_layers([Range(0, 59)] int seed) => Check(RandomNetwork.Build(seed));

    [Test]
    public void Small_network_dense_and_pruned([ValueSource(nameof(SmallNetworks))] string name) => CheckBoth(name);

    [Test, Category("Long")]
    public void Large_network_dense_and_pruned([ValueSource(nameof(LargeNetworks))] string name) => CheckBoth(name);

    /// <summary>Families whose smallest member is large.</summary>
    [TestCase("resnext50_32x4d")]
    [TestCase("convnext_tiny")]
    [TestCase("vgg11_bn")]
    public void Large_network_pruned(string name) => Check(TinyNetworks.Half(Build(name)));

    [TestCase(OnnxInput.Bytes)]
    [TestCase(OnnxInput.Floats)]
    public void Raw_pixels_give_the_scores_of_the_classifier_and_their_classes(OnnxInput input)
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = TinyClassifiers.Images(5);
        var expected = new float[15];
        classifier.Score(bytes, expected);
        var (scores, classes) = input == OnnxInput.Bytes
            ? OnnxModels.Run(classifier, new() { Input = input }, bytes)
            : OnnxModels.Run(classifier, new() { Input = input }, Array.ConvertAll(bytes, b => (float)b));
        Assert.That(scores, Is.EqualTo(expected).Within(1e-5));
        Assert.That(classes, Is.EqualTo(expected.Chunk(3).Select(s => (long)s.IndexOf(s.Max()))));
    }

    private static void CheckBoth(string name)
    {
        Check(Build(name));
        Check(TinyNetworks.Half(Build(name)));
    }

    private static long Parameters(string name) =>
        Build(name).Parameters.Sum(p => p.Shape.Aggregate(1L, (n, d) => n * d));

    private static NetworkDefinition Build(string name)
    {
        var architecture = Networks.ByName(name);
        var size = Math.Min(64, architecture.StandardInput.Height);
        return architecture.Build(new(3, size, size), 10);
    }

    private static void Check(NetworkDefinition definition)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = TinyNetworks.Trainable(definition);
        using var classifier = new ImageClassifier(
            definition,
            network.Tensors,
            TinyClassifiers.Normalization,
            [.. Enumerable.Range(0, definition.Classes).Select(c => $"{c}")]);
        var images = TinyNetworks.Images(definition, Images);
        network.Module.eval();
        var expected = Floats(network.Module.forward(images));
        Assert.That(expected, Is.All.Matches<float>(float.IsFinite), definition.Name);
        var (actual, _) = OnnxModels.Run(classifier, s_logits, Floats(images));
        var scale = Math.Max(1, expected.Max(Math.Abs));
        var error = actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max() / scale;
        TestContext.Out.WriteLine(FormattableString.Invariant($"{definition.Name}: {error:0.0e0} of {scale:0.##}"));
        Assert.That(error, Is.LessThanOrEqualTo(1e-4), definition.Name);
    }

    private static float[] Floats(Tensor tensor) =>
        MemoryMarshal.Cast<byte, float>(tensor.contiguous().bytes).ToArray();
}
