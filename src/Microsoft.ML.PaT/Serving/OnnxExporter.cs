using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Serving;

/// <summary>
/// Writes a classifier as an ONNX model: batch-norms folded, any batch size, normalization and softmax inside the
/// graph, names of the classes in the metadata.
/// </summary>
internal static class OnnxExporter
{
    /// <summary>
    /// The oldest operator set with all operators that the layers need, and the IR version released with it.
    /// </summary>
    private const int Opset = 17, IrVersion = 8;

    /// <summary>The dimension of the batch, by name.</summary>
    private const string Batch = "N";

    /// <summary>Names of the input and of the outputs.</summary>
    public const string InputName = "input", Scores = "scores", Logits = "logits", Class = "class";

    /// <summary>Writes the model.</summary>
    /// <param name="stream">Stays open.</param>
    /// <param name="prefix">Prefix of the names of the input and of the outputs.</param>
    /// <exception cref="ArgumentException">The calibration bytes are not a whole number of images.</exception>
    /// <exception cref="InvalidFileException">The model has 2 GB or more, which the format cannot hold in one
    /// file.</exception>
    public static void Write(Stream stream, ImageClassifier classifier, OnnxExportOptions options, string prefix = "")
    {
        var calibration = options.CalibrationImages;
        if (calibration.Length % classifier.Input.Size != 0)
        {
            throw new ArgumentException(
                $"An image of {classifier.Input} has {classifier.Input.Size} bytes; {calibration.Length} bytes for "
                    + "calibration are not a whole number of images.",
                nameof(options));
        }
        var (definition, weights) = BatchNormFolding.Fold(classifier.Network, classifier.Weights);
        try
        {
            var graph = new OnnxGraph();
            var outside = options.Interface ?? OnnxInterface.Of(options, prefix);
            var input = graph.Reserve(outside.Input);
            foreach (var output in outside.Outputs) graph.Reserve(output.Name);
            var integers = calibration.IsEmpty
                ? null
                : new OnnxQuantizer(
                    graph,
                    definition,
                    weights,
                    Calibration.Measure(definition, weights, classifier.Normalization, calibration));
            var values = new Dictionary<string, OnnxValue>();
            Keep(NetworkDefinition.InputName, Normalized(graph, input, classifier.Normalization, outside));
            foreach (var layer in definition.Layers)
            {
                Keep(
                    layer.Name,
                    layer.Export(
                        new(graph, layer.Name, Shapes(layer), [.. layer.Inputs.Select(i => values[i])], name =>
                            integers?.Parameter(layer, name) ?? Parameter(name))));
            }
            var last = new OnnxLayer(
                graph,
                definition.Layers[^1].Name,
                Shapes(definition.Layers[^1]),
                [values[definition.Layers[^1].Name]],
                Parameter).Vector;
            outside.Write(graph, last);
            Write(stream, Model(classifier, outside, graph));

            (ImageShape Input, ImageShape Output) Shapes(Layer layer) =>
                (definition.OutputShape(layer.Inputs[0]), definition.OutputShape(layer.Name));

            void Keep(string name, OnnxValue value) => values[name] = integers?.Activation(name, value) ?? value;

            OnnxValue Parameter(string name)
            {
                using var tensor = weights[name].contiguous();
                return graph.Constant(name, MemoryMarshal.Cast<byte, float>(tensor.bytes), tensor.shape);
            }
        }
        finally
        {
            foreach (var tensor in weights.Values) tensor.Dispose();
        }
    }

    /// <summary>
    /// Images [N,C,H,W], normalized by pixel * scale + shift for each channel if the model normalizes.
    /// </summary>
    private static OnnxValue Normalized(
        OnnxGraph graph, OnnxValue input, Normalization normalization, OnnxInterface outside)
    {
        const string name = "normalization";
        var pixels = outside.PixelType == OnnxElementType.Float32
            ? input
            : graph.Node("Cast", $"{name}/Cast", [input], OnnxAttribute.Of("to", (long)OnnxElementType.Float32));
        if (outside.ChannelsLast)
            pixels = graph.Node("Transpose", $"{name}/Transpose", [pixels], OnnxAttribute.Of("perm", 0, 3, 1, 2));
        if (outside.PixelRange is not { } range) return pixels;
        var (scale, shift) = normalization.ToTensors();
        using (scale.Times_(byte.MaxValue / range))
        using (shift)
        {
            var scaled = graph.Node("Mul", $"{name}/Mul", [pixels, Constant("scale", scale)]);
            return graph.Node("Add", $"{name}/Add", [scaled, Constant("shift", shift)]);
        }

        OnnxValue Constant(string what, TorchSharp.torch.Tensor tensor) =>
            graph.Constant($"{name}/{what}", MemoryMarshal.Cast<byte, float>(tensor.bytes), tensor.shape);
    }

    private static ProtoMessage Model(ImageClassifier classifier, OnnxInterface outside, OnnxGraph graph)
    {
        const int irVersion = 1, producer = 2, producerVersion = 3, graphField = 7, opsets = 8, metadata = 14;
        const int opsetVersion = 2, key = 1, value = 2;
        var shape = classifier.Input;
        long[] image = outside.ChannelsLast
            ? [shape.Height, shape.Width, shape.Channels]
            : [shape.Channels, shape.Height, shape.Width];
        var input = Description(outside.Input, outside.PixelType, image);
        var results =
            outside.Outputs.Select(o => Description(o.Name, o.Type, o.Shape(classifier.Classes.Count))).ToList();
        var library = typeof(OnnxExporter)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
            ?? "";
        var model = new ProtoMessage()
            .Integer(irVersion, IrVersion)
            .Text(producer, "Microsoft.ML.PaT")
            .Text(producerVersion, library)
            .Message(graphField, graph.ToMessage(classifier.Network.Name, input, results))
            .Message(opsets, new ProtoMessage().Integer(opsetVersion, Opset));
        foreach (var (name, text) in Metadata(classifier))
            model.Message(metadata, new ProtoMessage().Text(key, name).Text(value, text));
        return model;
    }

    private static IEnumerable<(string, string)> Metadata(ImageClassifier classifier) =>
    [
        ("network", classifier.Network.Name),
        ("labels", JsonSerializer.Serialize(classifier.Classes, TensorJson.Default.IReadOnlyListString)),
        ("mean", JsonSerializer.Serialize(classifier.Normalization.Mean, TensorJson.Default.IReadOnlyListSingle)),
        (
            "standardDeviation",
            JsonSerializer.Serialize(
                classifier.Normalization.StandardDeviation, TensorJson.Default.IReadOnlyListSingle)),
        ("resizing", JsonNamingPolicy.KebabCaseLower.ConvertName($"{classifier.Resizing}")),
    ];

    /// <summary>A name with its type: a tensor of any number of images.</summary>
    private static ProtoMessage Description(string name, OnnxElementType type, IEnumerable<long> shape)
    {
        const int valueName =
            1, valueType = 2, tensorType = 1, elementType = 1, shapeField = 2, dimension = 1, size = 1, symbol = 2;
        var dimensions = new ProtoMessage().Message(dimension, new ProtoMessage().Text(symbol, Batch));
        foreach (var extent in shape) dimensions.Message(dimension, new ProtoMessage().Integer(size, extent));
        var tensor = new ProtoMessage().Integer(elementType, (long)type).Message(shapeField, dimensions);
        return new ProtoMessage()
            .Text(valueName, name)
            .Message(valueType, new ProtoMessage().Message(tensorType, tensor));
    }

    /// <summary>Writes a model message, if it fits.</summary>
    internal static void Write(Stream stream, ProtoMessage model)
    {
        if (model.Size > int.MaxValue)
        {
            throw new InvalidFileException(
                ErrorCodes.OnnxModelTooLarge,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The ONNX model would have {model.Size:N0} bytes, and a file of this format holds at most "
                        + $"{int.MaxValue:N0}. Prune more, or keep the native archive (.pat)."));
        }
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        model.WriteTo(output);
    }
}
