namespace Microsoft.ML.PaT.Data;

/// <summary>Resolves the links in a path.</summary>
internal static class RealPath
{
    /// <summary>The limit of Linux for links in one path.</summary>
    private const int MostLinks = 40;

    /// <summary>Replaces each link in a path by its target. A part that does not exist is unchanged.</summary>
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
