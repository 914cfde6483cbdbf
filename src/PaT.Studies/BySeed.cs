namespace PaT.Studies;

/// <summary>The results of one kind of cell, seed by seed: what paired comparisons are made of.</summary>
internal static class BySeed
{
    /// <summary>The finished cells of a kind.</summary>
    /// <param name="settings">Names the seeds.</param>
    /// <param name="results">What there is.</param>
    /// <param name="cell">The cell of a seed; null where it cannot be named yet.</param>
    public static Dictionary<int, CellResult> Finished(this StudySettings settings, CellResults results, Func<int, Cell?> cell) =>
        settings.AllSeeds.Select(seed => (seed, result: cell(seed) is { } c ? results[c] : null)).Where(r => r.result is not null).ToDictionary(r => r.seed, r => r.result!);

    /// <summary>A value of each.</summary>
    /// <param name="results">Results by seed.</param>
    /// <param name="value">The value; null leaves the seed out.</param>
    public static Dictionary<int, double> Values(this IReadOnlyDictionary<int, CellResult> results, Func<CellResult, double?> value) =>
        results.Select(r => (r.Key, Value: value(r.Value))).Where(r => r.Value is not null).ToDictionary(r => r.Key, r => r.Value!.Value);

    /// <summary>Test accuracy of each.</summary>
    /// <param name="results">Results by seed.</param>
    public static Dictionary<int, double> Tests(this IReadOnlyDictionary<int, CellResult> results) => results.Values(r => r.Test);

    /// <summary>Mean of a value; NaN of none.</summary>
    /// <param name="results">Results by seed.</param>
    /// <param name="value">The value.</param>
    public static double Mean(this IReadOnlyDictionary<int, CellResult> results, Func<CellResult, double?> value) => Sample.Of(results.Values(value).Values).Mean;
}
