using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>What ONNX Runtime computes from an exported model is what the network computes: to 1e-4 of the largest value.</summary>
public class OnnxRuntimeTests
{
    private const int Pictures = 2;
    private static readonly OnnxExportOptions s_logits = new() { Input = OnnxInput.Normalized, Softmax = false };

    [Test]
    public void Random_networks_of_all_kinds_of_layers() => Check(Enumerable.Range(0, 60).Select(RandomNetwork.Build));

    [Test]
    public void A_network_of_every_family_pruned() => Check(
        from name in (string[])["resnet20-cifar", "resnet20-cifar-a", "preresnet110-cifar", "vgg16-bn-cifar", "resnet18", "resnext50_32x4d", "mobilenet_v1_x0_25", "mobilenet_v2", "mobilenet_v3_small", "convnext_tiny", "vit_tiny_16"]
        select TinyNetworks.Half(Build(name)));

    [Test, Category("Long")]
    public void Every_network_dense_and_pruned([ValueSource(typeof(Networks), nameof(Networks.Names))] string name) => Check([Build(name), TinyNetworks.Half(Build(name))]);

    [TestCase(OnnxInput.Bytes)]
    [TestCase(OnnxInput.Floats)]
    public void Raw_pixels_go_in_and_the_classifiers_scores_come_out(OnnxInput input)
    {
        using var classifier = TinyClassifiers.Create();
        using var runtime = OnnxRuntime.OrIgnore();
        var bytes = TinyClassifiers.Pictures(5);
        var expected = new float[15];
        classifier.Score(bytes, expected);
        void Save(string path) => classifier.SaveOnnx(path, new() { Input = input });
        if (input == OnnxInput.Bytes) runtime.Add<byte>(Save, bytes, 5, 3, 8, 8);
        else runtime.Add<float>(Save, Array.ConvertAll(bytes, b => (float)b), 5, 3, 8, 8);
        Assert.That(runtime.Run()[0], Is.EqualTo(expected).Within(1e-5));
    }

    private static NetworkDefinition Build(string name)
    {
        var architecture = Networks.ByName(name);
        var size = Math.Min(64, architecture.StandardInput.Height);
        return architecture.Build(new(3, size, size), 10);
    }

    private static void Check(IEnumerable<NetworkDefinition> definitions)
    {
        using var runtime = OnnxRuntime.OrIgnore();
        var expected = new List<(string Name, float[] Logits)>();
        foreach (var definition in definitions)
        {
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            using var network = TinyNetworks.Trainable(definition);
            using var classifier = new ImageClassifier(definition, network.Tensors, TinyClassifiers.Normalization, [.. Enumerable.Range(0, definition.Classes).Select(c => $"{c}")]);
            var pictures = TinyNetworks.Pictures(definition, Pictures);
            runtime.Add<float>(path => classifier.SaveOnnx(path, s_logits), MemoryMarshal.Cast<byte, float>(pictures.bytes), pictures.shape);
            network.Module.eval();
            expected.Add((definition.Name, MemoryMarshal.Cast<byte, float>(network.Module.forward(pictures).contiguous().bytes).ToArray()));
        }
        foreach (var (actual, (name, logits)) in runtime.Run().Zip(expected))
        {
            Assert.That(logits, Is.All.Matches<float>(float.IsFinite), name);
            var scale = Math.Max(1, logits.Max(Math.Abs));
            var error = actual.Zip(logits, (a, b) => Math.Abs(a - b)).Max() / scale;
            TestContext.Out.WriteLine(FormattableString.Invariant($"{name}: {error:0.0e0} of {scale:0.##}"));
            Assert.That(error, Is.LessThanOrEqualTo(1e-4), name);
        }
    }
}
