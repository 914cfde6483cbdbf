namespace Surface.Tests;

/// <summary>The real packages' public surfaces (standins/surface). What is listed for a base class counts for the classes below it.</summary>
internal sealed class Listings
{
    private readonly HashSet<string> _lines = new(StringComparer.Ordinal);
    private readonly ILookup<string, string> _bases;

    internal Listings(IEnumerable<string> lines)
    {
        _lines.UnionWith(lines);
        _bases = _lines.Where(l => l.StartsWith("base ", StringComparison.Ordinal)).Select(l => l[5..].Split(" : ", 2)).ToLookup(p => p[0], p => p[1].Split('<')[0]);
    }

    /// <summary>All listings whose file name matches.</summary>
    internal static Listings Read(string pattern) => new(
        Directory.GetFiles(Path.Combine(TestContext.CurrentContext.TestDirectory, "surface"), pattern).SelectMany(File.ReadLines));

    internal int Count => _lines.Count;

    internal bool Has(string line) => _lines.Contains(line) || IsInherited(line);

    private bool IsInherited(string line)
    {
        string kind = line[..line.IndexOf(' ')];
        if (kind is not ("method" or "field")) return false;
        int end = line.IndexOf(kind == "method" ? '(' : ' ', kind.Length + 1);
        int dot = line.LastIndexOf('.', end);
        return _bases[line[(kind.Length + 1)..dot]].Any(above => _lines.Contains($"{kind} {above}{line[dot..]}"));
    }
}
