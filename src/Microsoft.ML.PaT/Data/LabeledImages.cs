using Microsoft.ML.PaT.Internal;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Reads labeled images in the same way as data views: on all cores, with limits for unreadable images and memory.
/// </summary>
internal static class LabeledImages
{
    private const string Image = "Image", Label = "Label";

    private const double MaxUnreadableFraction = 0.01;

    /// <exception cref="InvalidImageDataException">There are fewer than two classes, a label is unknown, or too many
    /// images are unreadable.</exception>
    public static ImageDataset Read<TRow>(
        IReadOnlyList<TRow> rows, Func<TRow, string> label, ImageShape? given, IReadOnlyList<string>? classes,
        ImageResizing resizing)
        where TRow : class
    {
        TorchLibrary.Require();
        classes ??= [.. rows.Select(label).Distinct().Order(StringComparer.Ordinal)];
        if (classes.Count < 2)
        {
            throw new InvalidImageDataException(
                ErrorCodes.LabelsInvalid,
                $"The images have {(classes.Count == 0 ? "no class" : $"one class ('{classes[0]}')")}; a classifier "
                    + "needs at least two.");
        }
        if (classes.CountBy(c => c).FirstOrDefault(c => c.Value > 1).Key is { } twice)
        {
            throw new InvalidImageDataException(
                ErrorCodes.LabelsInvalid, $"The class '{twice}' is given more than once; name each class once.");
        }
        if (rows.Select(label).FirstOrDefault(l => !classes.Contains(l)) is { } unknown)
        {
            throw new InvalidImageDataException(
                ErrorCodes.LabelsInvalid,
                $"An image has the class '{unknown}', which is not among those given: "
                    + $"{string.Join(", ", classes)}.");
        }
        var ml = new MLContext();
        var keys = ml.Data.LoadFromEnumerable(classes.Select(c => new Row { Label = c }));
        var data = ml.Transforms.Conversion.MapValueToKey(
                Label, keyData: ml.Transforms.SelectColumns(Label).Fit(keys).Transform(keys))
            .Fit(keys)
            .Transform(ml.Data.LoadFromEnumerable(rows));
        if (typeof(TRow) == typeof(FileRow))
            data = ml.Transforms.LoadRawImageBytes(Image, null, nameof(FileRow.Path)).Fit(data).Transform(data);
        var shape = given ?? FittingNetwork.ShapeOf(data, Image);
        var options = new ImageDataOptions
        {
            ImageColumn = Image, LabelColumn = Label, MaxUnreadableFraction = MaxUnreadableFraction,
            Images = new() { Height = shape.Height, Width = shape.Width, Resizing = resizing },
        };
        return new DataViewImageLoader(options, shape, LabelValues.OfText(classes), IRunObserver.Of(_ => { }))
            .Read(data, "given")
            .Resized(resizing);
    }

    public class Row
    {
        public string Label { get; set; } = "";
    }

    public sealed class FileRow : Row
    {
        public string Path { get; set; } = "";
    }

    public sealed class EncodedRow : Row
    {
        public byte[] Image { get; set; } = [];
    }
}
