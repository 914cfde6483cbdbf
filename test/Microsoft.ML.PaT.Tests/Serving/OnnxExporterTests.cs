using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Onnx;
using Microsoft.ML.PaT.Serving;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// The file itself, read back by a reader that knows nothing of ours. Numbers of fields are those of onnx.proto.
/// </summary>
public class OnnxExporterTests
{
    private const int Graph = 7, Node = 1, Initializer = 5, Input = 11, Output = 12;

    [Test]
    public void The_file_says_what_it_is()
    {
        using var classifier = TinyClassifiers.Create();
        var model = Export(classifier);
        Assert.That(model.Integer(1), Is.EqualTo(8), "ir_version");
        Assert.That(model.Text(2), Is.EqualTo("Microsoft.ML.PaT"), "producer_name");
        Assert.That(model.Message(8).Integer(2), Is.EqualTo(17), "opset_import.version");
        Assert.That(model.Message(8).Has(1), Is.False, "the standard domain has no name");
        var metadata = model.Messages(14).ToDictionary(m => m.Text(1), m => m.Text(2));
        Assert.That(metadata["labels"], Is.EqualTo("""["class 0","class 1","class 2"]"""));
        Assert.That(metadata["mean"], Is.EqualTo("[0.4,0.5,0.6]"));
        Assert.That(metadata["resizing"], Is.EqualTo("fill"));
        Assert.That(metadata["standardDeviation"], Is.EqualTo("[0.2,0.25,0.3]"));
        Assert.That(model.Message(Graph).Text(2), Is.EqualTo(classifier.Network.Name));
    }

    [TestCase(OnnxInput.Bytes, true, 2, "scores")]
    [TestCase(OnnxInput.Floats, true, 1, "scores")]
    [TestCase(OnnxInput.Normalized, false, 1, "logits")]
    public void Input_and_output_have_names_types_and_a_free_batch(
        OnnxInput input, bool softmax, int type, string output)
    {
        using var classifier = TinyClassifiers.Create();
        var graph = Export(classifier, new() { Input = input, Softmax = softmax }).Message(Graph);
        Assert.That(Describe(graph.Message(Input)), Is.EqualTo(("input", (long)type, "N,3,8,8")));
        Assert.That(
            graph.Messages(Output).Select(Describe), Is.EqualTo(new[] { (output, 1L, "N,3"), ("class", 7L, "N") }));
        Assert.That(graph.Messages(Node).Count(n => n.Text(4) == "Softmax"), Is.EqualTo(softmax ? 1 : 0));
        Assert.That(graph.Messages(Node).Count(n => n.Text(4) == "Cast"), Is.EqualTo(input == OnnxInput.Bytes ? 1 : 0));
    }

    [TestCase("resnet20-cifar")]
    [TestCase("preresnet110-cifar")]
    [TestCase("mobilenet_v3_small")]
    public void Nodes_come_in_order_with_names_of_their_own_and_constants_have_the_bytes_of_their_shapes(string name)
    {
        var definition = Networks.ByName(name).Build(new(3, 32, 32), 10);
        using var classifier = Classifier(definition);
        var graph = Export(classifier).Message(Graph);
        var known = new HashSet<string> { graph.Message(Input).Text(1) };
        foreach (var constant in graph.Messages(Initializer))
        {
            Assert.That(known.Add(constant.Text(8)), Is.True, constant.Text(8));
            var size = constant.Integer(2) switch
            {
                1 => 4,
                7 => 8,
                var other => throw new InvalidDataException($"type {other}"),
            };
            Assert.That(
                constant.Bytes(9),
                Has.Length.EqualTo(size * constant.Integers(1).Aggregate(1L, (n, d) => n * d)),
                constant.Text(8));
        }
        foreach (var node in graph.Messages(Node))
        {
            Assert.That(node.Texts(1), Is.SubsetOf(known));
            Assert.That(known.Add(node.Text(2)), Is.True, node.Text(2));
        }
        Assert.That(known, Does.Contain("scores"));
    }

    [TestCase("resnet20-cifar", 0)]
    [TestCase("mobilenet_v2", 0)]
    [TestCase("preresnet110-cifar", 55)]
    public void Norms_after_convolutions_are_folded_others_stay(string name, int staying)
    {
        using var classifier = Classifier(Networks.ByName(name).Build(new(3, 32, 32), 10));
        Assert.That(
            Export(classifier).Message(Graph).Messages(Node).Count(n => n.Text(4) == "BatchNormalization"),
            Is.EqualTo(staying));
    }

    [Test]
    public void Weights_too_small_for_full_precision_become_zero()
    {
        var builder = new NetworkBuilder("tiny", new(3, 4, 4));
        builder.Linear("fc", builder.Flatten("flatten", NetworkDefinition.InputName), 2);
        var definition = builder.Build();
        using var weight = full([2, 48], 1e-40f);
        using var bias = full([2], 2f);
        using var classifier = new ImageClassifier(
            definition,
            new Dictionary<string, Tensor> { ["fc.weight"] = weight, ["fc.bias"] = bias },
            TinyClassifiers.Normalization,
            ["a", "b"]);
        var constants = Export(classifier)
            .Message(Graph)
            .Messages(Initializer)
            .ToDictionary(c => c.Text(8), c => MemoryMarshal.Cast<byte, float>(c.Bytes(9)).ToArray());
        Assert.That(constants["fc.weight"], Is.All.Zero);
        Assert.That(constants["fc.bias"], Is.EqualTo(new[] { 2f, 2f }));
    }

    [Test]
    public void A_file_that_is_there_is_replaced_whole_or_not_at_all()
    {
        var folder = Directory.CreateTempSubdirectory("pat-").FullName;
        try
        {
            var path = Path.Combine(folder, "model.onnx");
            File.WriteAllText(path, "old");
            using (var classifier = TinyClassifiers.Create())
            {
                classifier.SaveOnnx(path);
                var good = File.ReadAllBytes(path);
                Assert.That(ProtoFields.Parse(good).Has(Graph), Is.True);
                classifier.Dispose();
                Assert.That(() => classifier.SaveOnnx(path), Throws.TypeOf<ObjectDisposedException>());
                Assert.That(File.ReadAllBytes(path), Is.EqualTo(good));
            }
            Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Two_gigabytes_do_not_fit()
    {
        var message = new ProtoMessage();
        var part = new ProtoMessage().Bytes(9, new byte[1 << 20]);
        for (var i = 0; i < 2048; i++) message.Message(5, part);
        Assert.That(message.Size, Is.GreaterThan(int.MaxValue));
        Assert.That(
            () => OnnxExporter.Write(Stream.Null, message),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("2,147,483,647"));
    }

    private static ImageClassifier Classifier(NetworkDefinition definition)
    {
        using var network = TinyNetworks.Trainable(definition);
        return new(
            definition,
            network.Tensors,
            TinyClassifiers.Normalization,
            [.. Enumerable.Range(0, definition.Classes).Select(c => $"{c}")]);
    }

    private static ProtoFields Export(ImageClassifier classifier, OnnxExportOptions? options = null)
    {
        using var stream = new MemoryStream();
        classifier.SaveOnnx(stream, options);
        return ProtoFields.Parse(stream.ToArray());
    }

    private static (string Name, long Type, string Shape) Describe(ProtoFields value)
    {
        var tensor = value.Message(2).Message(1);
        var dimensions = tensor.Message(2).Messages(1).Select(d => d.Has(2) ? d.Text(2) : $"{d.Integer(1)}");
        return (value.Text(1), tensor.Integer(1), string.Join(',', dimensions));
    }
}
