using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A column that a mapping adds, and the input columns (by index) that its values are computed from.</summary>
internal sealed record MappedColumn(string Name, DataViewType Type, int[] Inputs, DataViewSchema.Annotations Annotations = null)
{
    /// <summary>Makes the column's getter over one input row; null where the mapping makes several getters together.</summary>
    internal Func<DataViewRow, Delegate> Getter { get; init; }
}

/// <summary>A transformer bound to an input schema: every output column is either an input column or one computed from input columns of the same row.</summary>
internal class RowMapping : IRowToRowMapper
{
    private readonly int[] _sources; // per output column: an input column's index, or ~(index of a mapped column)

    /// <summary>All input columns, then the mapped ones.</summary>
    internal RowMapping(DataViewSchema input, params IReadOnlyList<MappedColumn> mapped)
        : this(input, mapped, [.. Enumerable.Range(0, input.Count), .. Enumerable.Range(0, mapped.Count).Select(i => ~i)]) { }

    internal RowMapping(DataViewSchema input, IReadOnlyList<MappedColumn> mapped, int[] sources)
    {
        InputSchema = input;
        Mapped = mapped;
        _sources = sources;
        var builder = new DataViewSchema.Builder();
        foreach (int s in sources)
            if (s >= 0) builder.AddColumns([input[s]]);
            else builder.AddColumn(mapped[~s].Name, mapped[~s].Type, mapped[~s].Annotations);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }
    public DataViewSchema OutputSchema { get; }
    protected IReadOnlyList<MappedColumn> Mapped { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        ArgumentNullException.ThrowIfNull(dependingColumns);
        var needed = new SortedSet<int>();
        foreach (var column in dependingColumns)
        {
            int source = _sources[OutputSchema[column.Index].Index];
            if (source >= 0) needed.Add(source);
            else needed.UnionWith(Mapped[~source].Inputs);
        }
        return needed.Select(i => InputSchema[i]).ToArray();
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(activeColumns);
        return new MappedRow(input, Open(input, activeColumns));
    }

    internal MappedColumns Open(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var active = new bool[OutputSchema.Count];
        foreach (var column in activeColumns) active[column.Index] = true;
        var wanted = new bool[Mapped.Count];
        for (int i = 0; i < active.Length; i++)
            if (active[i] && _sources[i] < 0) wanted[~_sources[i]] = true;
        return new(OutputSchema, input, _sources, active, Getters(input, wanted));
    }

    /// <summary>Getters of the wanted mapped columns over one input row.</summary>
    protected virtual Delegate[] Getters(DataViewRow input, bool[] wanted)
    {
        var getters = new Delegate[wanted.Length];
        for (int i = 0; i < wanted.Length; i++)
            if (wanted[i]) getters[i] = Mapped[i].Getter(input);
        return getters;
    }
}
