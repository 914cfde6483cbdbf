namespace PaT.Cli;

/// <summary>Tells which pictures a run could not read.</summary>
internal static class Skipped
{
    private const int Named = 5;

    /// <summary>Writes one line when there were any.</summary>
    /// <param name="error">Where it goes.</param>
    /// <param name="pictures">The run's account of its pictures.</param>
    public static void Write(TextWriter error, PicturesReport pictures)
    {
        if (pictures.UnreadableCount > 0)
        {
            var more = pictures.UnreadableCount > Named ? ", ..." : "";
            error.WriteLine($"skipped {pictures.UnreadableCount} unreadable pictures (report.json names them): {string.Join("; ", pictures.Unreadable.Take(Named))}{more}");
        }
    }
}
