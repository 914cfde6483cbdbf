using System.Text;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.PaT.Onnx;
using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Writes small ONNX files node by node, and runs them in ONNX Runtime on one thread.</summary>
internal static class OnnxFiles
{
    /// <summary>
    /// A file for one image, "input", with the nodes given, a pool, and a linear layer with three outputs, "output".
    /// </summary>
    /// <param name="channels">Channels of the last of these nodes.</param>
    public static byte[] Classifier(
        ImageShape shape,
        Func<OnnxGraph, OnnxValue, OnnxValue> nodes,
        int channels,
        OnnxElementType pixels = OnnxElementType.Float32)
    {
        var graph = new OnnxGraph();
        var (input, output) = (graph.Reserve("input"), graph.Reserve("output"));
        var pooled = graph.Node("GlobalAveragePool", "pool", [nodes(graph, input)]);
        var vector = graph.Node("Flatten", "flat", [pooled]);
        graph.NodeTo(output.Name, "Gemm", [vector, graph.Constant("fc.weight", Values(channels * 3, 9), channels, 3)]);
        return Of(
            graph,
            Value("input", pixels, 1, shape.Channels, shape.Height, shape.Width),
            Value("output", OnnxElementType.Float32, 1, 3));
    }

    public static byte[] Of(OnnxGraph graph, ProtoMessage input, params ProtoMessage[] outputs)
    {
        const int irVersion = 1, graphField = 7, opsets = 8, version = 2;
        using var stream = new MemoryStream();
        OnnxExporter.Write(
            stream,
            new ProtoMessage()
                .Integer(irVersion, 8)
                .Message(graphField, graph.ToMessage("test", input, outputs))
                .Message(opsets, new ProtoMessage().Integer(version, 17)));
        return stream.ToArray();
    }

    /// <summary>An input or an output.</summary>
    public static ProtoMessage Value(string name, OnnxElementType type, params long[] shape)
    {
        const int valueName =
            1, valueType = 2, tensorType = 1, elementType = 1, shapeField = 2, dimension = 1, size = 1;
        var dimensions = new ProtoMessage().Messages(dimension, shape.Select(s => new ProtoMessage().Integer(size, s)));
        return new ProtoMessage()
            .Text(valueName, name)
            .Message(
                valueType,
                new ProtoMessage().Message(
                    tensorType,
                    new ProtoMessage().Integer(elementType, (long)type).Message(shapeField, dimensions)));
    }

    /// <summary>An attribute of text.</summary>
    public static ProtoMessage Text(string name, string value)
    {
        const int attributeName = 1, bytes = 4, type = 20, text = 3;
        return new ProtoMessage().Text(attributeName, name).Bytes(bytes, Encoding.UTF8.GetBytes(value))
            .Integer(type, text);
    }

    /// <summary>A 1x1 convolution with random weights.</summary>
    public static OnnxValue Convolution(OnnxGraph graph, OnnxValue input, int from, int to, string name = "conv") =>
        graph.Node("Conv", name, [input, graph.Constant($"{name}.weight", Values(from * to, to), to, from, 1, 1)]);

    /// <summary>Random values from -1 to 1.</summary>
    public static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];
    }

    /// <param name="folder">Where the file's external data lies; null for none.</param>
    public static InferenceSession Session(byte[] model, string? folder = null)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        if (folder is not null)
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);
        return new(model, options);
    }

    /// <returns>The only output.</returns>
    public static float[] Run<T>(byte[] model, T[] image, ImageShape shape) where T : unmanaged
    {
        using var session = Session(model);
        using var run = new RunOptions();
        using var input =
            OrtValue.CreateTensorValueFromMemory(image, [1, shape.Channels, shape.Height, shape.Width]);
        using var outputs = session.Run(run, session.InputNames, [input], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
