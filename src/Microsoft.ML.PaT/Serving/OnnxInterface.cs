using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Serving;

/// <summary>The input and the outputs of an ONNX model.</summary>
/// <param name="Input">Name of the images, [N,C,H,W].</param>
/// <param name="Output">Name of the values per class, [N,classes].</param>
internal sealed record OnnxInterface(string Input, string Output)
{
    private const string Softmax = "Softmax", LogSoftmax = "LogSoftmax", Identity = "Identity";

    /// <summary>Whether images are channels-last, [N,H,W,C].</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>Whether pixels are bytes rather than floats.</summary>
    public bool IsBytes { get; init; }

    /// <summary>
    /// The largest value of a pixel, 1 or 255, if the model normalizes; null if the application does.
    /// </summary>
    public float? PixelRange { get; init; }

    /// <summary>The last operator: softmax, its logarithm, or none.</summary>
    public string Ending { get; init; } = Identity;

    /// <summary>Attributes of <see cref="Ending"/>.</summary>
    public ProtoMessage[] EndingAttributes => Ending == Identity ? [] : [OnnxAttribute.Of("axis", 1)];

    /// <summary>Name of the output with the number of the most probable class, [N]; null for none.</summary>
    public string? Class { get; init; }

    /// <param name="options">What the input holds, and whether there is a softmax.</param>
    public static OnnxInterface Of(OnnxExportOptions options, string prefix) =>
        new(prefix + OnnxExporter.InputName, prefix + (options.Softmax ? OnnxExporter.Scores : OnnxExporter.Logits))
        {
            IsBytes = options.Input == OnnxInput.Bytes,
            PixelRange = options.Input == OnnxInput.Normalized ? null : byte.MaxValue,
            Ending = options.Softmax ? Softmax : Identity,
            Class = prefix + OnnxExporter.Class,
        };

    /// <summary>Reads the interface of a file.</summary>
    /// <param name="input">Shape of the images; null for that in the file.</param>
    public static OnnxInterface OfFile(string path, ImageShape? input)
    {
        var model = OnnxModel.Load(path);
        using var imported = OnnxImporter.Import(model, path, input);
        var images = OnnxInputImage.Of(model, input);
        var numbers = model.Outputs.Where(o => IsWhole(o.ElementType)).ToList();
        var output = model.Outputs.First(o => !IsWhole(o.ElementType)).Name;
        return new(images.Name, output)
        {
            ChannelsLast = images.ChannelsLast,
            IsBytes = images.IsBytes,
            PixelRange = imported.Normalization is null ? null : imported.PixelRange,
            Ending = !imported.EndsWithSoftmax ? Identity : EndOf(model, output) == LogSoftmax ? LogSoftmax : Softmax,
            Class = numbers.Count > 0 ? numbers[0].Name : null,
        };

        static bool IsWhole(int type) => type is (int)OnnxElementType.Int64 or (int)OnnxElementType.Int32;
    }

    private static string? EndOf(OnnxModel model, string output)
    {
        for (var value = output; model.Nodes.Find(n => n.Outputs.Contains(value)) is { } node; value = node.Input(0))
        {
            if (node.Operator is not (Identity or "Cast")) return node.Operator;
        }
        return null;
    }
}
