using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Exported networks can be imported: the output is equal to 1e-4 of the largest value.</summary>
public class RoundTripTests
{
    [Test]
    public void Random_networks_of_all_kinds_of_layers()
    {
        foreach (var seed in Enumerable.Range(0, 100)) Check(RandomNetwork.Build(seed), $"seed {seed}");
    }

    [TestCase("resnet20-cifar")]
    [TestCase("resnet20-cifar-a")]
    [TestCase("preresnet110-cifar")]
    [TestCase("vgg11_bn")]
    [TestCase("resnext50_32x4d")]
    [TestCase("mobilenet_v1_x0_25")]
    [TestCase("mobilenet_v2")]
    [TestCase("mobilenet_v3_small")]
    [TestCase("shufflenet_v2_x0_5")]
    [TestCase("squeezenet1_1")]
    [TestCase("densenet121")]
    [TestCase("efficientnet_b0")]
    [TestCase("googlenet")]
    [TestCase("convnext_tiny")]
    [TestCase("vit_tiny_16")]
    public void A_network_of_every_family_dense_and_pruned(string name)
    {
        var architecture = Networks.ByName(name);
        var size = Math.Min(64, architecture.StandardInput.Height);
        var definition = architecture.Build(new(3, size, size), 10);
        Check(definition, name);
        Check(TinyNetworks.Half(definition), name + " pruned");
    }

    [TestCase(OnnxInput.Bytes)]
    [TestCase(OnnxInput.Floats)]
    public void The_normalization_and_the_network_without_softmax_come_back(OnnxInput input)
    {
        var (model, logits) = ExportedNetworks.Of(TinyNetworks.ResNet8(), input, softmax: true);
        using var imported = Import(model);
        Assert.That(imported.EndsWithSoftmax);
        Assert.That(imported.PixelRange, Is.EqualTo(255));
        Assert.That(imported.Normalization!.Mean, Is.EqualTo(TinyClassifiers.Normalization.Mean).Within(1e-6));
        Assert.That(
            imported.Normalization.StandardDeviation,
            Is.EqualTo(TinyClassifiers.Normalization.StandardDeviation).Within(1e-6));
        AssertEqual(ExportedNetworks.Logits(imported.Definition, imported.Weights), logits, "resnet8");
    }

    [Test]
    public void Layers_keep_their_names()
    {
        var definition = TinyNetworks.ResNet8();
        using var imported = Import(ExportedNetworks.Of(definition).Model);
        var convolutions = definition.Layers.Where(l => l is ConvolutionLayer or LinearLayer).Select(l => l.Name);
        Assert.That(
            imported.Definition.Layers.Where(l => l is ConvolutionLayer or LinearLayer).Select(l => l.Name),
            Is.EqualTo(convolutions));
    }

    [Test]
    public void Importing_leaves_the_weights_behind_and_nothing_else()
    {
        var model = ExportedNetworks.Of(RandomNetwork.Build(3)).Model;
        Import(model).Dispose();
        var before = LiveTensors.Before();
        using (Import(model))
        {
        }
        Assert.That(LiveTensors.Before(), Is.EqualTo(before));
    }

    private static ImportedNetwork Import(byte[] model) =>
        OnnxImporter.Import(OnnxModel.Read(model, "exported"), "exported");

    private static void Check(NetworkDefinition definition, string what)
    {
        var (model, logits) = ExportedNetworks.Of(definition);
        using var imported = Import(model);
        AssertEqual(ExportedNetworks.Logits(imported.Definition, imported.Weights), logits, what);
    }

    private static void AssertEqual(float[] actual, float[] expected, string what)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length).And.All.Matches<float>(float.IsFinite), what);
        Assert.That(actual, Is.EqualTo(expected).Within(1e-4 * Math.Max(1, expected.Max(Math.Abs))), what);
    }
}
