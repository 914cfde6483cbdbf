using Microsoft.ML.PaT.Reporting;

namespace PaT.Cli;

/// <summary>Names the images that a run could not read.</summary>
internal static class Skipped
{
    private const int Named = 5;

    public static void Write(TextWriter error, DatasetReport images)
    {
        if (images.UnreadableCount == 0) return;
        var names = string.Join("; ", images.Unreadable.Take(Named));
        var more = images.UnreadableCount > Named ? ", ..." : "";
        error.WriteLine($"skipped {images.UnreadableCount} unreadable images (report.json names them): {names}{more}");
    }
}
