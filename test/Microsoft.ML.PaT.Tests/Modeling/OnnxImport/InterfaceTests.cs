using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Inputs and outputs of imported files, and of exports like them.</summary>
public class InterfaceTests
{
    private static readonly ImageShape s_shape = new(3, 8, 8);

    [Test]
    public void Bytes_that_no_operator_scales_are_read_as_they_are()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, OnnxFiles.Classifier(
            s_shape,
            (g, input) => OnnxFiles.Convolution(
                g, g.Node("Cast", "cast", [input], OnnxAttribute.Of("to", 1L)), 3, 4),
            4,
            OnnxElementType.UInt8));
        var image = TinyClassifiers.Images(1);
        var network = NetworkArchitecture.FromOnnx(path);
        using var classifier = ImageClassifier.Create(network);
        Assert.That(classifier.Normalization.Mean, Is.All.EqualTo(0));
        Assert.That(classifier.Normalization.StandardDeviation, Is.All.EqualTo(1f / 255));
        // Logits of 255 saturate a softmax, so they are compared.
        var expected = OnnxFiles.Run(File.ReadAllBytes(path), image, s_shape);
        Assert.That(Exported(classifier, path, image), Is.EqualTo(expected).Within(1e-4 * expected.Max(Math.Abs)));

        using var other = ImageClassifier.Create(network, normalization: TinyClassifiers.Normalization);
        var scores = new float[3];
        other.Score(image, scores);
        Assert.That(Softmax(Exported(other, path, image)), Is.EqualTo(scores).Within(1e-5));

        classifier.Score(image, scores);
        Assert.That(scores, Is.EqualTo(Softmax(expected)).Within(1e-3));
    }

    [Test]
    public void An_export_like_a_file_has_its_outputs_with_their_types_and_shapes()
    {
        const OnnxElementType half = OnnxElementType.Float16;
        var graph = new OnnxGraph();
        foreach (var name in (string[])["pixels", "label", "scores", "index"]) graph.Reserve(name);
        var conv = graph.Node("Conv", "conv", [new("pixels"), Half(graph, "w", 4, 3, 3, 3)]);
        var vector = graph.Node("Flatten", "flat", [graph.Node("GlobalAveragePool", "pool", [conv])]);
        var logits = graph.Node("Gemm", "fc", [vector, Half(graph, "fc.weight", 4, 3)]);
        graph.NodeTo("scores", "Softmax", [logits], OnnxAttribute.Of("axis", 1L));
        var best = graph.Node(
            "ArgMax", "best", [new("scores")], OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("keepdims", 1L));
        graph.NodeTo("label", "Cast", [best], OnnxAttribute.Of("to", (long)OnnxElementType.Int32));
        graph.NodeTo("index", "ArgMax", [logits], OnnxAttribute.Of("axis", -1L), OnnxAttribute.Of("keepdims", 0L));
        AssertKept(
            OnnxFiles.Of(
                graph,
                OnnxFiles.Value("pixels", half, 1, 3, 8, 8),
                OnnxFiles.Value("label", OnnxElementType.Int32, 1, 1),
                OnnxFiles.Value("scores", half, 1, 3),
                OnnxFiles.Value("index", OnnxElementType.Int64, 1)),
            Array.ConvertAll(OnnxFiles.Values(s_shape.Size, 4), v => (Float16)v));
    }

    [Test]
    public void An_export_like_a_file_keeps_scores_of_one_pixel()
    {
        var graph = new OnnxGraph();
        foreach (var name in (string[])["pixels", "scores"]) graph.Reserve(name);
        var pooled = graph.Node("GlobalAveragePool", "pool", [new("pixels")]);
        graph.NodeTo("scores", "Conv", [pooled, graph.Constant("w", OnnxFiles.Values(9, 2), 3, 3, 1, 1)]);
        AssertKept(
            OnnxFiles.Of(
                graph,
                OnnxFiles.Value("pixels", OnnxElementType.Float32, 1, 3, 8, 8),
                OnnxFiles.Value("scores", OnnxElementType.Float32, 1, 3, 1, 1)),
            OnnxFiles.Values(s_shape.Size, 4));
    }

    [Test]
    public void An_output_that_is_not_the_class_is_named()
    {
        using var folder = new TemporaryFolder();
        var graph = new OnnxGraph();
        foreach (var name in (string[])["input", "output", "extent"]) graph.Reserve(name);
        var pooled = graph.Node("GlobalAveragePool", "pool", [new("input")]);
        graph.NodeTo("output", "Flatten", [pooled]);
        graph.NodeTo("extent", "Shape", [new("input")]);
        var path = Write(folder, OnnxFiles.Of(
            graph,
            OnnxFiles.Value("input", OnnxElementType.Float32, 1, 3, 8, 8),
            OnnxFiles.Value("output", OnnxElementType.Float32, 1, 3),
            OnnxFiles.Value("extent", OnnxElementType.Int64, 4)));
        var error = Assert.Throws<InvalidFileException>(() => OnnxExportOptions.LikeFile(path));
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.OnnxModelUnsupported));
        Assert.That(error.Message, Does.Contain(path).And.Contain("'extent'").And.Contain("'output'"));
    }

    /// <summary>The export of the imported file has its names, types, ranks and values.</summary>
    private static void AssertKept<T>(byte[] model, T[] image) where T : unmanaged
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, model);
        using var classifier = ImageClassifier.Create(NetworkArchitecture.FromOnnx(path));
        using var stream = new MemoryStream();
        classifier.SaveOnnx(stream, OnnxExportOptions.LikeFile(path));
        using var file = OnnxFiles.Session(model);
        using var export = OnnxFiles.Session(stream.ToArray());
        Assert.That(Described(export), Is.EqualTo(Described(file)));
        var (expected, actual) = (Run(file), Run(export));
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.That(actual[i].Shape, Is.EqualTo(expected[i].Shape), file.OutputNames[i]);
            Assert.That(actual[i].Values, Is.EqualTo(expected[i].Values).Within(1e-2), file.OutputNames[i]);
        }

        List<(long[] Shape, double[] Values)> Run(InferenceSession session)
        {
            using var run = new RunOptions();
            using var input = OrtValue.CreateTensorValueFromMemory(image, [1, 3, 8, 8]);
            using var outputs = session.Run(run, session.InputNames, [input], session.OutputNames);
            return [.. outputs.Select(o => (o.GetTensorTypeAndShape().Shape, Values(o)))];
        }
    }

    private static double[] Values(OrtValue output)
    {
        return output.GetTensorTypeAndShape().ElementDataType switch
        {
            TensorElementType.Float => Of<float>(v => v),
            TensorElementType.Float16 => Of<Float16>(v => (float)v),
            TensorElementType.Int32 => Of<int>(v => v),
            TensorElementType.Int64 => Of<long>(v => v),
            var other => throw new NotSupportedException($"{other}"),
        };

        double[] Of<T>(Converter<T, double> convert) where T : unmanaged =>
            Array.ConvertAll(output.GetTensorDataAsSpan<T>().ToArray(), convert);
    }

    private static string Described(InferenceSession session) => string.Join(
        "; ",
        session.InputMetadata.Concat(session.OutputNames.Select(n => KeyValuePair.Create(n, session.OutputMetadata[n])))
            .Select(v => $"{v.Key}: {v.Value.ElementDataType} of {v.Value.Dimensions.Length} dimensions"));

    private static OnnxValue Half(OnnxGraph graph, string name, params int[] shape)
    {
        var values = OnnxFiles.Values(shape.Aggregate(1, (count, size) => count * size), shape.Length);
        return graph.Constant(
            name,
            OnnxElementType.Float16,
            shape.Select(s => (long)s),
            OnnxGraph.Bytes<Half>(Array.ConvertAll(values, v => (Half)v)));
    }

    private static float[] Exported(ImageClassifier classifier, string path, byte[] image)
    {
        using var stream = new MemoryStream();
        classifier.SaveOnnx(stream, OnnxExportOptions.LikeFile(path));
        return OnnxFiles.Run(stream.ToArray(), image, s_shape);
    }

    private static float[] Softmax(float[] logits)
    {
        var powers = Array.ConvertAll(logits, v => Math.Exp(v - logits.Max()));
        return Array.ConvertAll(powers, p => (float)(p / powers.Sum()));
    }

    private static string Write(TemporaryFolder folder, byte[] model)
    {
        var path = Path.Combine(folder.Name, "model.onnx");
        File.WriteAllBytes(path, model);
        return path;
    }
}
