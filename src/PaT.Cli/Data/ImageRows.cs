
namespace PaT.Cli;

/// <summary>Images as rows of ML.NET, read as the rows are asked for.</summary>
internal static class ImageRows
{
    /// <summary>Gives images to ML.NET.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="encoded">Whether the images are encoded files rather than raw pixels.</param>
    /// <param name="images">The images.</param>
    public static IDataView View(MLContext ml, bool encoded, IReadOnlyList<Image> images) =>
        encoded ? ml.Data.LoadFromEnumerable(images.Select(ToImageRow)) : ml.Data.LoadFromEnumerable(images.Select(ToPixelRow));

    /// <summary>The row of an encoded image.</summary>
    /// <param name="image">The image.</param>
    public static ImageRow ToImageRow(Image image) => new() { Read = () => Content(image), Label = image.Label, Name = image.Name };

    /// <summary>The row of a raw image.</summary>
    /// <param name="image">The image.</param>
    public static PixelRow ToPixelRow(Image image) => new() { Image = image.Read(), Label = image.Label, Name = image.Name };

    private static byte[] Content(Image image)
    {
        try
        {
            return image.Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No bytes make an unreadable image: it is skipped, counted and named like one that does not decode.
            return [];
        }
    }
}
