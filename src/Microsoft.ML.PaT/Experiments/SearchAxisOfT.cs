namespace Microsoft.ML.PaT.Experiments;

/// <summary>The values that one option of a trial may have; <see cref="SearchAxis"/> makes it.</summary>
/// <typeparam name="T">What the option is.</typeparam>
public sealed class SearchAxis<T> where T : notnull
{
    private readonly Func<double, T>? _at;

    internal SearchAxis(IReadOnlyList<T> values, Func<double, T>? at)
    {
        _at = at;
        Values = values;
        Error = values.Count == 0 ? "has no values; give at least one" : values.Distinct().Count() < values.Count ? "has a value twice" : null;
    }

    /// <summary>The values of a choice; of a range those that a grid tries.</summary>
    public IReadOnlyList<T> Values { get; }

    /// <summary>Whether it is a range, with more values than <see cref="Values"/>.</summary>
    public bool IsRange => _at is not null;

    /// <summary>What is wrong with it, to follow its name; null when nothing is.</summary>
    internal string? Error { get; init; }

    /// <summary>The value at a position.</summary>
    /// <param name="position">0 to 1. The values of a choice have equal parts of it.</param>
    internal T At(double position) => _at is null ? Values[Math.Min((int)(position * Values.Count), Values.Count - 1)] : _at(position);

    /// <summary>The positions of <see cref="Values"/>.</summary>
    internal double[] Positions => [.. Enumerable.Range(0, Values.Count).Select(i => IsRange ? i / (Values.Count - 1.0) : (i + 0.5) / Values.Count)];
}
