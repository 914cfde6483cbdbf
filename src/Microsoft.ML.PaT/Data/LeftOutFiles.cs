using System.Globalization;

namespace Microsoft.ML.PaT.Data;

/// <summary>Counts the files that are not images of a class, by reason.</summary>
internal sealed class LeftOutFiles
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Counts => _counts;

    public void Add(string reason, int count = 1)
    {
        if (count > 0) _counts[reason] = _counts.GetValueOrDefault(reason) + count;
    }

    public static string Describe(IReadOnlyDictionary<string, int> counts) =>
        string.Join(", ", counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value:N0} × {c.Key}")));
}
