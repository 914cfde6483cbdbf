using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Serving;

/// <summary>The input and the outputs of an ONNX model.</summary>
/// <param name="Input">Name of the images, [N,C,H,W].</param>
/// <param name="Outputs">One output with the values per class, and any number of outputs with the class.</param>
internal sealed record OnnxInterface(string Input, IReadOnlyList<OnnxOutput> Outputs)
{
    private const string Softmax = "Softmax", LogSoftmax = "LogSoftmax", Identity = "Identity", Cast = "Cast";

    /// <summary>Whether images are channels-last, [N,H,W,C].</summary>
    public bool ChannelsLast { get; init; }

    public OnnxElementType PixelType { get; init; } = OnnxElementType.Float32;

    /// <summary>
    /// The largest value of a pixel, 1 or 255, if the model normalizes; null if the application does.
    /// </summary>
    public float? PixelRange { get; init; }

    /// <summary>The last operator: softmax, its logarithm, or none.</summary>
    public string Ending { get; init; } = Identity;

    /// <param name="options">What the input holds, and whether there is a softmax.</param>
    public static OnnxInterface Of(OnnxExportOptions options, string prefix) =>
        new(
            prefix + OnnxExporter.InputName,
            [
                new(
                    prefix + (options.Softmax ? OnnxExporter.Scores : OnnxExporter.Logits), OnnxElementType.Float32,
                    Rank: 2),
                new(prefix + OnnxExporter.Class, OnnxElementType.Int64, Rank: 1, IsClass: true),
            ])
        {
            PixelType = options.Input == OnnxInput.Bytes ? OnnxElementType.UInt8 : OnnxElementType.Float32,
            PixelRange = options.Input == OnnxInput.Normalized ? null : byte.MaxValue,
            Ending = options.Softmax ? Softmax : Identity,
        };

    /// <summary>Reads the interface of a file.</summary>
    /// <param name="input">Shape of the images; null for that in the file.</param>
    /// <exception cref="InvalidFileException">The file is not an image classifier, or has an output of integers that is
    /// not the class with the largest score.</exception>
    public static OnnxInterface OfFile(string path, ImageShape? input)
    {
        TorchLibrary.Require();
        var model = OnnxModel.Load(path);
        using var imported = OnnxImporter.Import(model, path, input);
        var images = OnnxInputImage.Of(model, input);
        var scores = model.Outputs.First(o => !o.IsWhole);
        var pattern = new OnnxPattern(model);
        return new(
            images.Name, [.. model.Outputs.Select(o => o.IsWhole ? Class(path, pattern, o, scores) : Scores(o))])
        {
            ChannelsLast = images.ChannelsLast,
            PixelType = images.Type,
            PixelRange = imported.Normalization is null ? null : imported.PixelRange,
            Ending = !imported.EndsWithSoftmax ? Identity
                : pattern.Maker(scores.Name, Softmax, LogSoftmax)?.Operator ?? Softmax,
        };
    }

    /// <summary>Adds the nodes that compute the outputs.</summary>
    /// <param name="logits">[N,classes], float32.</param>
    public void Write(OnnxGraph graph, OnnxValue logits)
    {
        var output = Outputs.Single(o => !o.IsClass);
        var (isImage, isOther) = (output.Rank == 4, output.Type != OnnxElementType.Float32);
        ProtoMessage[] axis = Ending == Identity ? [] : [OnnxAttribute.Of("axis", 1)];
        var scores = Node(output, !isImage && !isOther, Ending, [logits], axis);
        var value = isImage
            ? Node(output, !isOther, "Unsqueeze", [scores, graph.Constant($"{output.Name}/axes", 2L, 3L)])
            : scores;
        if (isOther) Node(output, true, Cast, [value], OnnxAttribute.Of("to", (long)output.Type));
        foreach (var number in Outputs.Where(o => o.IsClass))
        {
            var isLong = number.Type == OnnxElementType.Int64;
            var found = Node(
                number, isLong, "ArgMax", [scores], OnnxAttribute.Of("axis", 1),
                OnnxAttribute.Of("keepdims", number.Rank - 1));
            if (!isLong) Node(number, true, Cast, [found], OnnxAttribute.Of("to", (long)number.Type));
        }

        OnnxValue Node(
            OnnxOutput of, bool isLast, string operation, OnnxValue[] inputs, params ProtoMessage[] attributes)
        {
            if (!isLast) return graph.Node(operation, $"{of.Name}/{operation}", inputs, attributes);
            graph.NodeTo(of.Name, operation, inputs, attributes);
            return inputs[0] with { Name = of.Name };
        }
    }

    private static OnnxOutput Scores(OnnxValueInfo output) =>
        new(
            output.Name,
            output.IsFloat ? (OnnxElementType)output.ElementType : OnnxElementType.Float32,
            output.Shape is { Count: 4 } ? 4 : 2);

    private static OnnxOutput Class(string path, OnnxPattern pattern, OnnxValueInfo output, OnnxValueInfo scores)
    {
        var squeeze = pattern.Maker(output.Name, "Squeeze");
        if (pattern.Maker(squeeze?.Input(0) ?? output.Name, "ArgMax") is { } node
            && scores.Shape is not { Count: 4 } && node.Integer("axis", 0) is 1 or -1
            && Logits(pattern, node.Input(0)) == Logits(pattern, scores.Name))
        {
            var rank = node.Integer("keepdims", 1) == 0 || squeeze is not null ? 1 : 2;
            if (output.Shape is null || output.Shape.Count == rank)
                return new(output.Name, (OnnxElementType)output.ElementType, rank, IsClass: true);
        }
        throw new InvalidFileException(
            ErrorCodes.OnnxModelUnsupported,
            $"{path}: The output '{output.Name}' of the ONNX model is not the class with the largest of the scores "
                + $"'{scores.Name}' (ArgMax), and an exported network cannot have it. Remove the output from the file, "
                + "or export with other options.");
    }

    private static string Logits(OnnxPattern pattern, string value) =>
        pattern.Maker(value, Softmax, LogSoftmax) is { } end ? Logits(pattern, end.Input(0)) : pattern.Origin(value);
}
