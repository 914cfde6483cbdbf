namespace Microsoft.ML.PaT.Experiments;

/// <summary>Values of one option in a search, created by <see cref="SearchAxis"/>.</summary>
/// <typeparam name="T">Type of the option.</typeparam>
public sealed class SearchAxis<T> where T : notnull
{
    private readonly Func<double, T>? _at;

    internal SearchAxis(IReadOnlyList<T> values, Func<double, T>? at)
    {
        _at = at;
        Values = values;
        Error =
            values.Count == 0 ? "has no values; give at least one"
            : values.Distinct().Count() < values.Count ? "has a value twice"
            : null;
    }

    /// <summary>The values of a choice, or the grid values of a range.</summary>
    public IReadOnlyList<T> Values { get; }

    /// <summary>Whether the axis is a range, which has more values than <see cref="Values"/>.</summary>
    public bool IsRange => _at is not null;

    /// <summary>Error message without the name of the axis; null if the axis is valid.</summary>
    internal string? Error { get; init; }

    /// <param name="position">0 to 1. The values of a choice have equal widths.</param>
    internal T At(double position) =>
        _at is null ? Values[Math.Min((int)(position * Values.Count), Values.Count - 1)] : _at(position);

    /// <summary>Positions of <see cref="Values"/>, 0 to 1.</summary>
    internal double[] Positions =>
        [
            .. Enumerable
                .Range(0, Values.Count)
                .Select(i => IsRange ? i / (Values.Count - 1.0) : (i + 0.5) / Values.Count),
        ];
}
