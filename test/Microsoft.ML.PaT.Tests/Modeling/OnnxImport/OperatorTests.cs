using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Single operators: the network computes what ONNX Runtime computes from the file.</summary>
public class OperatorTests
{
    private const int Channels = 4;

    private static readonly long[] s_end = [0, 0, 1, 1], s_both = [1, 1, 1, 1];

    private static readonly Operator[] s_operators =
    [
        Pool("padding at the end, rounded down", 7, 7, 2, 1, OnnxAttribute.Of("pads", s_end)),
        Pool("padding at the end, rounded up", 7, 7, 3, 2, OnnxAttribute.Of("pads", s_end), Up),
        Pool("a last window that starts in the padding", 6, 6, 2, 2, OnnxAttribute.Of("pads", s_end), Up),
        Pool("padding at the end of one dimension", 6, 7, 3, 2, OnnxAttribute.Of("pads", 0L, 0L, 0L, 1L), Up),
        Pool("padding at the start", 7, 6, 3, 2, OnnxAttribute.Of("pads", 1L, 1L, 0L, 0L)),
        Pool("padding at the start, rounded up", 8, 7, 3, 2, OnnxAttribute.Of("pads", 1L, 1L, 0L, 0L), Up),
        Pool("padding on both sides, rounded up", 7, 8, 3, 2, OnnxAttribute.Of("pads", s_both), Up),
        Pool("rounded up", 8, 7, 3, 2, Up),
        Pool("SAME_UPPER", 7, 8, 3, 2, OnnxFiles.Text("auto_pad", "SAME_UPPER")),
        Pool("SAME_LOWER", 7, 8, 3, 2, OnnxFiles.Text("auto_pad", "SAME_LOWER")),
        new("a pad by -infinity before a max-pool", 8, 8, (g, x) => Pooled(g, Padded(g, x, float.NegativeInfinity))),
        new("a pad by the lowest number before a max-pool", 8, 7, (g, x) => Pooled(g, Padded(g, x, float.MinValue))),
        new("a kernel of the image's size with two strides", 3, 3, (g, x) => g.Node(
            "Conv", "middle",
            [x, g.Constant("w", OnnxFiles.Values(Channels * Channels * 9, 3), Channels, Channels, 3, 3)],
            OnnxAttribute.Of("strides", 1L, 2L))),
        new("the maximum of three constants", 4, 4, (g, x) => Plus(g, x, g.Node("Max", "most", Three(g)))),
        new("the minimum of three constants", 4, 4, (g, x) => Plus(g, x, g.Node("Min", "least", Three(g)))),
        new("the maximum of one constant", 4, 4, (g, x) => Plus(g, x, g.Node("Max", "most", [Three(g)[0]]))),
        new("a sum over no axes", 4, 4, (g, x) => Plus(
            g, x, g.Node("ReduceSum", "sum", [Three(g)[0]], OnnxAttribute.Of("noop_with_empty_axes", 1L)))),
        new("a product over one axis", 4, 4, (g, x) => Plus(
            g, x,
            g.Node(
                "ReduceProd", "product", [g.Constant("factors", OnnxFiles.Values(2 * Channels, 4), 2, Channels, 1, 1)],
                OnnxAttribute.Of("axes", [0L])))),
        new("a query that is shifted after the scores", 2, 2, ShiftedQuery),
    ];

    private static ProtoMessage Up => OnnxAttribute.Of("ceil_mode", 1L);

    private static IEnumerable<string> Names => s_operators.Select(o => o.Name);

    [TestCaseSource(nameof(Names))]
    public void The_network_computes_what_the_file_computes(string name)
    {
        var (_, height, width, nodes) = s_operators.Single(o => o.Name == name);
        var shape = new ImageShape(3, height, width);
        var model = OnnxFiles.Classifier(
            shape, (g, input) => nodes(g, OnnxFiles.Convolution(g, input, 3, Channels)), Channels);
        // Below 0, so that a padding by 0 would be seen.
        var image = Array.ConvertAll(OnnxFiles.Values(shape.Size, 5), v => 3 * v);
        Assert.That(Imported(model, image, shape), Is.EqualTo(OnnxFiles.Run(model, image, shape)).Within(1e-4));
    }

    private static float[] Imported(byte[] model, float[] image, ImageShape shape)
    {
        using var imported = OnnxImporter.Import(OnnxModel.Read(model, "test.onnx"), "test.onnx");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var module =
            new NetworkModule(imported.Definition, imported.Weights.ToDictionary(w => w.Key, w => w.Value.alias()));
        module.eval();
        var logits = module.forward(tensor(image).reshape(1, shape.Channels, shape.Height, shape.Width));
        return logits.contiguous().data<float>().ToArray();
    }

    private static Operator Pool(
        string name, int height, int width, int kernel, int stride, params ProtoMessage[] attributes) =>
        new($"max-pool: {name}", height, width, (g, x) => Shifted(g, g.Node(
            "MaxPool", "middle", [Shifted(g, x, -9)],
            [
                OnnxAttribute.Of("kernel_shape", kernel, kernel), OnnxAttribute.Of("strides", stride, stride),
                .. attributes,
            ]), 9));

    /// <summary>A max-pool whose inputs are all negative.</summary>
    private static OnnxValue Pooled(OnnxGraph graph, OnnxValue x) => graph.Node(
        "MaxPool", "middle", [x], OnnxAttribute.Of("kernel_shape", 3L, 3L), OnnxAttribute.Of("strides", 2L, 2L));

    private static OnnxValue Padded(OnnxGraph graph, OnnxValue x, float value) => graph.Node(
        "Pad", "pad",
        [
            Shifted(graph, x, -9), graph.Constant("pads", 0L, 0L, 0L, 1L, 0L, 0L, 1L, 1L),
            graph.Constant("value", [value]),
        ]);

    private static OnnxValue Shifted(OnnxGraph graph, OnnxValue x, float shift) =>
        graph.Node("Add", "shifted", [x, graph.Constant("shift", [shift], 1)]);

    private static OnnxValue Plus(OnnxGraph graph, OnnxValue x, OnnxValue constant) =>
        graph.Node("Add", "middle", [x, constant]);

    private static OnnxValue[] Three(OnnxGraph graph) =>
        [.. Enumerable.Range(1, 3).Select(i => graph.Constant($"c{i}", OnnxFiles.Values(Channels, i), Channels, 1, 1))];

    /// <summary>Attention whose queries are read once more, with a bias, after their product with the keys.</summary>
    private static OnnxValue ShiftedQuery(OnnxGraph graph, OnnxValue x)
    {
        var rows = graph.Node("Reshape", "rows", [x, graph.Constant("row shape", 1L, Channels, 4L)]);
        var tokens = graph.Node("Transpose", "tokens", [rows], OnnxAttribute.Of("perm", 0L, 2L, 1L));
        var (query, key, value) = (Linear("query", 1), Linear("key", 2), Linear("value", 3));
        var keys = graph.Node("Transpose", "keys", [key], OnnxAttribute.Of("perm", 0L, 2L, 1L));
        var scores = graph.Node("MatMul", "scores", [query, keys]);
        var shifted =
            graph.Node("Add", "shifted", [query, graph.Constant("shift", OnnxFiles.Values(Channels, 7), Channels)]);
        var weights = graph.Node("Softmax", "weights", [scores], OnnxAttribute.Of("axis", -1L));
        var heads = graph.Node("MatMul", "heads", [weights, value]);
        var sum = graph.Node("Add", "sum", [heads, shifted]);
        var back = graph.Node("Transpose", "back", [sum], OnnxAttribute.Of("perm", 0L, 2L, 1L));
        return graph.Node("Reshape", "middle", [back, graph.Constant("shape", 1L, Channels, 2L, 2L)]);

        OnnxValue Linear(string name, int seed) => graph.Node(
            "MatMul", name,
            [tokens, graph.Constant($"{name}.w", OnnxFiles.Values(Channels * Channels, seed), Channels, Channels)]);
    }

    private sealed record Operator(string Name, int Height, int Width, Func<OnnxGraph, OnnxValue, OnnxValue> Nodes);
}
