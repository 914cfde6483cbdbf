using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A node without a layer and a file of another kind throw a named exception with the place.</summary>
public class RefusalTests
{
    [TestCase("Resize", "an operator that a layer computes was expected")]
    [TestCase("Relu", null)]
    [TestCase("LSTM", "an operator that a layer computes was expected")]
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

    /// <summary>Operator, node, and what the message says was expected.</summary>
    private static readonly Refused[] s_refused =
    [
        new("Conv", "a weight of four dimensions", (g, x) => [x, g.Constant("w", new float[12], 4, 3, 1)]),
        new("Conv", "'strides' were expected to be the same", Weighted(1), OnnxAttribute.Of("strides", 1L, 2L)),
        new(
            "Conv", "the same for rows and columns, not [1,2]", Weighted(8), OnnxAttribute.Of("strides", 1L, 2L),
            OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L)),
        new("Conv", "a weight for 3 channels in 2 groups", Weighted(1), OnnxAttribute.Of("group", 2L)),
        new("Conv", "'kernel_shape' was expected to be that of", Weighted(1), OnnxAttribute.Of("kernel_shape", 3L, 3L)),
        new("Conv", "depends on the images, and a constant", (_, x) => [x, x]),
        new("MaxPool", "'kernel_shape' was expected", Alone),
        new("MaxPool", "a square window", Alone, OnnxAttribute.Of("kernel_shape", 2L, 3L)),
        new(
            "MaxPool", "a dilation of 1", Alone, OnnxAttribute.Of("kernel_shape", 2L, 2L),
            OnnxAttribute.Of("dilations", 2L, 2L)),
        new(
            "AveragePool", "windows within the image", Alone, OnnxAttribute.Of("kernel_shape", 3L, 3L),
            OnnxAttribute.Of("strides", 2L, 2L), OnnxAttribute.Of("ceil_mode", 1L)),
        new(
            "AveragePool", "a window without dilation", Alone, OnnxAttribute.Of("kernel_shape", 3L, 3L),
            OnnxAttribute.Of("pads", 2L, 2L, 2L, 2L), OnnxAttribute.Of("dilations", 2L, 2L)),
        new("Clip", "0 to 6, or from 0 on", Alone, OnnxAttribute.Of("min", 0f), OnnxAttribute.Of("max", 1f)),
        new("HardSigmoid", "'alpha' 1/6 and 'beta' 0.5", Alone),
        new("Sum", "two inputs", (_, x) => [x, x, x]),
        new("Div", "division by a constant", (_, x) => [x, x]),
        new("BatchNormalization", "scale, shift, mean and variance of 3 channels", Norm),
        new("BatchNormalization", "evaluation mode", Norm, OnnxAttribute.Of("training_mode", 1L)),
        new("MatMul", "do not fit", (g, x) => [x, g.Constant("w", new float[10], 5, 2)]),
        new("Reshape", "cannot have the shape", (g, x) => [x, g.Constant("shape", 1L, 5L)]),
        new("Transpose", "does not name each of 4 dimensions", Alone, OnnxAttribute.Of("perm", 0L, 1L, 2L, 2L)),
        new("Softmax", "the softmax of attention", Alone),
        new("Pad", "two paddings from 0 on", (g, x) => [x, g.Constant("pads", 1L, 1L)]),
        new("Gather", "beyond the 3 places", (g, x) => [x, g.Constant("at", 7L)], OnnxAttribute.Of("axis", 1L)),
        new("Concat", "one constant token", (g, x) => [g.Constant("token", new float[3], 1, 3, 1, 1), x],
            OnnxAttribute.Of("axis", 1L)),
        new("Squeeze", "more than one element", Alone, OnnxAttribute.Of("axes", [1L])),
        new("MaxPool", "a window within the padded image", Alone, OnnxAttribute.Of("kernel_shape", 11L, 11L),
            OnnxAttribute.Of("pads", 0L, 0L, 1L, 1L)),
        new("ReduceMean", "a mean over all pixels", Alone),
        new("Pad", "more than any classifier needs",
            (g, x) => [x, g.Constant("pads", 0L, 0L, 20000L, 20000L, 0L, 0L, 20000L, 20000L)]),
        new("ScatterND", "'reduction' none",
            (g, _) => [g.Constant("data", new float[3], 3), g.Constant("at", 1L), g.Constant("new", new float[1], 1)],
            OnnxFiles.Text("reduction", "add")),
        new("Clip", "one number for each limit",
            (g, _) => [g.Constant("data", new float[3], 3), g.Constant("least", new float[3], 3)]),
    ];

    private static IEnumerable<object[]> Cases => s_refused.Select(r => new object[] { r.Operator, r.Expected });

    [TestCaseSource(nameof(Cases))]
    public void A_refusal_names_the_node_its_operator_and_what_was_expected(string operation, string expected)
    {
        var node = s_refused.Single(r => (r.Operator, r.Expected) == (operation, expected));
        var model = Model(graph => graph.Node(operation, "middle", node.Inputs(graph, new("input")), node.Attributes));
        var error = Assert.Throws<InvalidFileException>(() => Import(model));
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.OnnxNodeUnsupported));
        Assert.That(
            error.Message, Does.StartWith($"test.onnx: The ONNX node 'middle' ({operation}) cannot be imported: "));
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
    public void Images_whose_sign_is_changed_are_refused()
    {
        var model = Model(graph =>
        {
            var inverted = graph.Node("Sub", "inverted", [graph.Constant("one", new float[] { 1 }, 1), new("input")]);
            return graph.Node("Conv", "middle", [inverted, graph.Constant("w", new float[12], 4, 3, 1, 1)]);
        });
        Assert.That(
            () => Import(model), Throws.TypeOf<InvalidFileException>().With.Message.Contains("factors greater than 0"));
    }

    [Test]
    public void A_padding_larger_than_the_kernel_is_a_layer()
    {
        var model = Model(graph => graph.Node(
            "Conv", "middle", [new("input"), graph.Constant("w", new float[9], 3, 3, 1, 1)],
            OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L)));
        using var imported = Import(model);
        Assert.That(imported.Definition.Layers.OfType<PixelPadLayer>(), Has.Exactly(1).Items);
    }

    [Test]
    public void A_mask_of_one_channel_for_all_is_refused()
    {
        var model = Model(graph =>
        {
            var mask = graph.Node("Conv", "mask", [new("input"), graph.Constant("w", new float[3], 1, 3, 1, 1)]);
            return graph.Node("Mul", "middle", [mask, new("input")]);
        });
        Assert.That(
            () => Import(model),
            Throws.TypeOf<InvalidFileException>()
                .With.Message.StartsWith("test.onnx: The ONNX node 'middle' (Mul)")
                .And.Message.Contains("one value per channel"));
    }

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

    [TestCase("MatMul")]
    [TestCase("Where")]
    [TestCase("Concat")]
    [TestCase("Gather")]
    public void Constants_that_combine_to_larger_ones_are_refused(string operation)
    {
        // Three constants of 4 MB each, from a file of a few bytes.
        const long side = 1 << 20;
        var model = Model(graph =>
        {
            var (rows, columns) = (Filled("rows", side, 1), Filled("columns", 1, side));
            OnnxValue[] inputs = operation switch
            {
                "Where" => [rows, columns, rows],
                "Concat" => [.. Enumerable.Repeat(rows, 100)],
                "Gather" => [columns, graph.Node("Cast", "places", [rows], OnnxAttribute.Of("to", 7L))],
                _ => [rows, columns],
            };
            var axis = OnnxAttribute.Of("axis", 0L);
            return graph.Node("Add", "middle", [new("input"), graph.Node(operation, "huge", inputs, axis)]);

            OnnxValue Filled(string name, params long[] shape) =>
                graph.Node("ConstantOfShape", name, [graph.Constant($"{name}.shape", shape)]);
        });
        Assert.That(
            () => Import(model),
            Throws.TypeOf<InvalidFileException>()
                .With.Message.StartsWith($"test.onnx: The ONNX node 'huge' ({operation})")
                .And.Message.Contains("larger than any classifier needs"));
    }

    [TestCase(new[] { "a" }, new[] { "a" })]
    [TestCase(new[] { "a", "b" }, new[] { "b", "a" })]
    public void Identities_in_a_circle_are_refused(string[] inputs, string[] outputs)
    {
        var model = Model(graph =>
        {
            for (var i = 0; i < inputs.Length; i++) graph.NodeTo(outputs[i], "Identity", [new(inputs[i])]);
            return graph.Node("Mul", "middle", [new("input"), graph.Node("Div", "quotient", [new("a"), new("a")])]);
        });
        Assert.That(
            () => Task.Run(() => Import(model)).WaitAsync(TimeSpan.FromSeconds(10)),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("reads 'a', which no node before it computes"));
    }

    [Test]
    public void Floats_in_place_of_the_integers_of_a_pattern_are_refused_by_name()
    {
        var tokens = Model(graph => graph.Node("Add", "middle", [Padded(graph, "one"), Padded(graph, "other")]));
        Assert.That(
            () => Import(tokens), Throws.TypeOf<InvalidFileException>().With.Message.Contains("'other' (Pad)"));
        var norm = Model(graph =>
        {
            var axes = graph.Constant("axes", [-1f], 1);
            var centered = graph.Node(
                "Sub", "centered", [new("input"), graph.Node("ReduceMean", "mean", [new("input"), axes])]);
            var square = graph.Node("Pow", "square", [centered, graph.Constant("two", [2f])]);
            var variance = graph.Node("ReduceMean", "variance", [square, axes]);
            var root = graph.Node(
                "Sqrt", "root", [graph.Node("Add", "more", [variance, graph.Constant("epsilon", [1e-5f])])]);
            return graph.Node("Div", "middle", [centered, root]);
        });
        Assert.That(() => Import(norm), Throws.TypeOf<InvalidFileException>().With.Message.Contains("'mean'"));

        static OnnxValue Padded(OnnxGraph graph, string name) => graph.Node(
            "Pad", name,
            [
                name == "one" ? new("input") : graph.Constant("token", new float[3], 1, 3, 1, 1),
                graph.Constant($"{name}.pads", [0f, 0f, 0f, 1f, 0f, 0f, 0f, 0f], 8),
            ]);
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
        Assert.That(
            () => Import(bytes), Throws.TypeOf<InvalidFileException>().With.Message.Contains("not an ONNX model"));

    private static OnnxValue[] Alone(OnnxGraph graph, OnnxValue images) => [images];

    private static OnnxValue[] Norm(OnnxGraph graph, OnnxValue images) =>
        [images, .. Enumerable.Range(0, 4).Select(i => graph.Constant($"norm{i}", new float[2], 2))];

    /// <summary>Images and a weight [4,3,K,K].</summary>
    private static Func<OnnxGraph, OnnxValue, OnnxValue[]> Weighted(int kernel) => (graph, images) =>
        [images, graph.Constant("w", new float[12 * kernel * kernel], 4, 3, kernel, kernel)];

    private static ImportedNetwork Import(byte[] model) =>
        OnnxImporter.Import(OnnxModel.Read(model, "test.onnx"), "test.onnx");

    /// <summary>Something, and a classifier after it.</summary>
    private static byte[] Model(Func<OnnxGraph, OnnxValue> middle, int size = 8) =>
        OnnxFiles.Classifier(new(3, size, size), (graph, _) => middle(graph), channels: 3);

    private sealed record Refused(
        string Operator, string Expected, Func<OnnxGraph, OnnxValue, OnnxValue[]> Inputs,
        params ProtoMessage[] Attributes);
}
