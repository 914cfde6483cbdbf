namespace Microsoft.ML.PaT.Data;

/// <summary>Full paths without links in them.</summary>
internal static class RealPath
{
    /// <summary>Linux follows as many links in one path.</summary>
    private const int MostLinks = 40;

    /// <summary>The path with each link replaced by its target; a part that does not exist stays as it is.</summary>
    public static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        for (var links = 0; links < MostLinks; links++)
        {
            if (FirstLink(full) is not var (link, target)) return full;
            full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target + full[link.Length..]));
        }
        return full;
    }

    private static (string Link, string Target)? FirstLink(string full)
    {
        for (var end = 1; end <= full.Length; end++)
        {
            if (end < full.Length && full[end] != Path.DirectorySeparatorChar) continue;
            var part = full[..end];
            if (new FileInfo(part).LinkTarget is { } target)
                return (part, Path.Combine(Path.GetDirectoryName(part)!, target));
        }
        return null;
    }
}
