namespace Microsoft.ML.PaT.Shared;

/// <summary>Finds names that are similar to a mistyped name.</summary>
internal static class NearestNames
{
    private const int Most = 3;

    /// <summary>The most similar names, at most three; none if no name is similar.</summary>
    /// <param name="typed">The name that is unknown.</param>
    public static IReadOnlyList<string> Of(string typed, IEnumerable<string> known)
    {
        var nearest = known.Distinct().GroupBy(name => Distance(typed, name)).MinBy(names => names.Key);
        return nearest is not null && nearest.Key <= Math.Max(2, LastPart(typed).Length / 3)
            ? [.. nearest.Take(Most)]
            : [];
    }

    /// <summary>A sentence after a list of names: <c> Did you mean adamw?</c>; empty if no name is similar.</summary>
    public static string Question(string typed, IEnumerable<string> known) =>
        Of(typed, known) is { Count: > 0 } nearest ? $" Did you mean {string.Join(" or ", nearest)}?" : "";

    /// <summary>The distance of the whole names, or of their last parts if the first parts are missing or
    /// wrong.</summary>
    private static int Distance(string typed, string name)
    {
        var (typedPart, part) = (LastPart(typed), LastPart(name));
        return Math.Min(Edits(typed, name), Edits(typedPart, part) + (typedPart == typed ? 0 : 1));
    }

    private static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];

    /// <summary>The Levenshtein distance, which ignores case.</summary>
    private static int Edits(string a, string b)
    {
        (a, b) = (a.ToLowerInvariant(), b.ToLowerInvariant());
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, left) = (row[0], i);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                left = row[j] = Math.Min(replaced, Math.Min(left, diagonal) + 1);
            }
        }
        return row[b.Length];
    }
}
