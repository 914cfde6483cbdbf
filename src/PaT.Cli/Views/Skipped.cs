using Microsoft.ML.PaT.Reporting;

namespace PaT.Cli;

/// <summary>Tells which images a run could not read.</summary>
internal static class Skipped
{
    private const int Named = 5;

    /// <summary>Writes one line when there were any.</summary>
    /// <param name="error">Where it goes.</param>
    /// <param name="images">The run's account of its images.</param>
    public static void Write(TextWriter error, DatasetReport images)
    {
        if (images.UnreadableCount > 0)
        {
            var more = images.UnreadableCount > Named ? ", ..." : "";
            error.WriteLine($"skipped {images.UnreadableCount} unreadable images (report.json names them): {string.Join("; ", images.Unreadable.Take(Named))}{more}");
        }
    }
}
