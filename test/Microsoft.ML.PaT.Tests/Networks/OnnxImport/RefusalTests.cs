using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Onnx;
using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT.Tests;

/// <summary>What is no layer, or no file of this kind, is refused by a named exception that says where.</summary>
public class RefusalTests
{
    [TestCase("Resize", "no layer computes this operator")]
    [TestCase("Relu", null)]
    [TestCase("LSTM", "no layer computes this operator")]
    public void An_unknown_operator_is_named_with_its_node(string operation, string? expected)
    {
        var model = Model(graph => graph.Node(operation, "middle", [new("input")]));
        if (expected is null)
        {
            Assert.That(() => Import(model).Dispose(), Throws.Nothing);
            return;
        }
        var error = Assert.Throws<InvalidFileException>(() => Import(model));
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.OnnxNodeUnsupported));
        Assert.That(
            error.Message,
            Does.StartWith($"test.onnx: The ONNX node 'middle' ({operation}) cannot be imported"));
        Assert.That(error.Message, Does.Contain(expected));
    }

    [Test]
    public void A_value_that_nothing_makes_is_named() => Assert.That(
        () => Import(Model(graph => graph.Node("Relu", "middle", [new("nowhere")]))),
        Throws.TypeOf<InvalidFileException>().With.Message.Contains("'nowhere'"));

    [Test]
    public void A_weight_that_does_not_fit_is_refused() =>
        Assert.That(
            () => Import(Model(graph =>
                graph.Node("Conv", "middle", [new("input"), graph.Constant("w", new float[4 * 5], 4, 5, 1, 1)]))),
            Throws.TypeOf<InvalidFileException>().With.Message.StartsWith("test.onnx: The ONNX node 'middle' "));

    [Test]
    public void Constants_larger_than_any_classifiers_are_refused()
    {
        var model = Model(graph =>
        {
            var huge = graph.Node("ConstantOfShape", "huge", [graph.Constant("size", 1L << 20, 1L << 20)]);
            return graph.Node("Add", "middle", [new("input"), huge]);
        });
        Assert.That(
            () => Import(model),
            Throws.TypeOf<InvalidFileException>().With.Message.StartsWith("test.onnx: The ONNX node 'huge' "));
    }

    [Test]
    public void A_file_that_ends_too_early_is_refused()
    {
        var model = ExportedNetworks.Of(TinyNetworks.ResNet8()).Model;
        for (var length = 0; length < model.Length; length += 997)
        {
            var part = model[..length];
            Assert.That(
                () => OnnxModel.Read(part, "part.onnx"),
                Throws.TypeOf<InvalidFileException>().With.Message.Contains("part.onnx"),
                $"{length} bytes");
        }
    }

    [TestCase(new byte[0])]
    [TestCase(new byte[] { 1, 2, 3 })]
    [TestCase(new byte[] { 0x50, 0x4b, 3, 4, 0, 0, 0, 0 })]
    public void A_file_of_another_kind_is_refused(byte[] bytes) =>
        Assert.That(() => Import(bytes), Throws.TypeOf<InvalidFileException>().With.Message.Contains("no ONNX model"));

    private static ImportedNetwork Import(byte[] model) =>
        OnnxImporter.Import(OnnxModel.Read(model, "test.onnx"), "test.onnx");

    /// <summary>Something, and a classifier after it.</summary>
    private static byte[] Model(Func<OnnxGraph, OnnxValue> middle)
    {
        const int graphField = 7, opsets = 8, version = 2;
        var graph = new OnnxGraph();
        var output = graph.Reserve("output");
        var pooled = graph.Node("GlobalAveragePool", "pool", [middle(graph)]);
        var vector = graph.Node("Flatten", "flat", [pooled]);
        graph.NodeTo(output.Name, "Gemm", [vector, graph.Constant("fc.weight", new float[6], 3, 2)]);
        var message = graph.ToMessage("test", Description("input", 1, 3, 8, 8), [Description("output", 1, 2)]);
        return Bytes(
            new ProtoMessage().Message(graphField, message).Message(opsets, new ProtoMessage().Integer(version, 17)));
    }

    private static ProtoMessage Description(string name, params long[] shape)
    {
        const int valueName =
            1, valueType = 2, tensorType = 1, elementType = 1, shapeField = 2, dimension = 1, size = 1;
        var dimensions = new ProtoMessage().Messages(dimension, shape.Select(s => new ProtoMessage().Integer(size, s)));
        return new ProtoMessage()
            .Text(valueName, name)
            .Message(
                valueType,
                new ProtoMessage().Message(
                    tensorType, new ProtoMessage().Integer(elementType, 1).Message(shapeField, dimensions)));
    }

    private static byte[] Bytes(ProtoMessage message)
    {
        using var stream = new MemoryStream();
        OnnxExporter.Write(stream, message);
        return stream.ToArray();
    }
}
