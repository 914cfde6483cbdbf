using Microsoft.ML.Transforms;

namespace PaT.Cli;

/// <summary>Images as rows of ML.NET. An image is read when its row is read.</summary>
internal static class ImageRows
{
    /// <param name="encoded">Whether the images are encoded files rather than raw pixels.</param>
    public static IDataView View(MLContext ml, bool encoded, IReadOnlyList<Image> images) =>
        encoded
            ? ml.Data.LoadFromEnumerable(images.Select(ToImageRow))
            : ml.Data.LoadFromEnumerable(images.Select(ToPixelRow));

    /// <summary>Maps labels to keys in the order of the classes, and not in that of the first rows.</summary>
    public static ValueToKeyMappingEstimator ToKeys(MLContext ml, IReadOnlyList<string> classes)
    {
        var rows = ml.Data.LoadFromEnumerable(classes.Select(name => new ImageRow { Label = name }));
        var names = ml.Transforms.SelectColumns("Label").Fit(rows).Transform(rows);
        return ml.Transforms.Conversion.MapValueToKey("Label", keyData: names);
    }

    public static ImageRow ToImageRow(Image image) =>
        new() { Read = () => Content(image), Label = image.Label, Name = image.Name, ImagePath = image.Path };

    public static PixelRow ToPixelRow(Image image) =>
        new() { Image = image.Read(), Label = image.Label, Name = image.Name };

    private static byte[] Content(Image image)
    {
        try
        {
            return image.Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Training skips, counts and names an image without bytes in the same way as one that cannot be decoded.
            return [];
        }
    }
}
