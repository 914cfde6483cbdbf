namespace PaT.Cli;

/// <summary>Pictures as rows of ML.NET, read as the rows are asked for.</summary>
internal static class PictureRows
{
    /// <summary>Gives pictures to ML.NET.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="encoded">Whether the pictures are encoded files rather than raw pixels.</param>
    /// <param name="pictures">The pictures.</param>
    public static IDataView View(MLContext ml, bool encoded, IReadOnlyList<Picture> pictures) =>
        encoded ? ml.Data.LoadFromEnumerable(pictures.Select(ToPictureRow)) : ml.Data.LoadFromEnumerable(pictures.Select(ToPixelRow));

    /// <summary>The row of an encoded picture.</summary>
    /// <param name="picture">The picture.</param>
    public static PictureRow ToPictureRow(Picture picture) => new() { Read = () => Content(picture), Label = picture.Label, Name = picture.Name };

    /// <summary>The row of a raw picture.</summary>
    /// <param name="picture">The picture.</param>
    public static PixelRow ToPixelRow(Picture picture) => new() { Image = picture.Read(), Label = picture.Label, Name = picture.Name };

    private static byte[] Content(Picture picture)
    {
        try
        {
            return picture.Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No bytes make an unreadable picture: it is skipped, counted and named like one that does not decode.
            return [];
        }
    }
}
