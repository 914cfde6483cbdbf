namespace PaT.Studies;

/// <summary>Results of one kind of cell by seed, for paired comparisons.</summary>
internal static class BySeed
{
    /// <summary>The finished cells of a kind.</summary>
    /// <param name="cell">The cell of a seed; null if it is not known yet.</param>
    public static Dictionary<int, CellResult> Finished(
        this StudySettings settings, CellResults results, Func<int, Cell?> cell)
    {
        var finished = new Dictionary<int, CellResult>();
        foreach (var seed in settings.AllSeeds)
        {
            if (cell(seed) is { } known && results[known] is { } result) finished.Add(seed, result);
        }
        return finished;
    }

    public static Dictionary<int, double> Values(
        this IReadOnlyDictionary<int, CellResult> results, Func<CellResult, double?> value) => results
            .Select(r => (r.Key, Value: value(r.Value)))
            .Where(r => r.Value is not null)
            .ToDictionary(r => r.Key, r => r.Value!.Value);

    public static Dictionary<int, double> Tests(this IReadOnlyDictionary<int, CellResult> results) =>
        results.Values(r => r.Test);

    /// <summary>Mean of a value; NaN without values.</summary>
    public static double Mean(this IReadOnlyDictionary<int, CellResult> results, Func<CellResult, double?> value) =>
        Sample.Of(results.Values(value).Values).Mean;
}
