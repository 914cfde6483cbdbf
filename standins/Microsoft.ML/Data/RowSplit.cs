using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Gives every row a number in [0, 1) from the seed and the row's identity, or from the seed and a key column's value so that rows of one value stay together.</summary>
internal sealed class RowSplit
{
    private readonly IDataView _data;
    private readonly string[] _columns;
    private readonly ulong _seed;

    internal RowSplit(IDataView data, string samplingKeyColumn, int seed)
    {
        if (samplingKeyColumn is not null && data.Schema.GetColumnOrNull(samplingKeyColumn) is null)
            throw new ArgumentOutOfRangeException("samplingKeyColumnName", $"Schema mismatch for SamplingKeyColumn column '{samplingKeyColumn}': column not found.");
        _data = data;
        _columns = samplingKeyColumn is null ? [] : [samplingKeyColumn];
        _seed = DataViewRowId.Scramble((ulong)(uint)seed + 0x9E3779B97F4A7C15UL);
    }

    internal IDataView Inside(double from, double to) => Filter(u => u >= from && u < to);
    internal IDataView Outside(double from, double to) => Filter(u => u < from || u >= to);

    private RowFilterView Filter(Func<double, bool> keep) => new(_data, _columns, cursor =>
    {
        var hash = _columns.Length == 0 ? RowHash(cursor) : (Func<ulong>)Generic.Call(this, typeof(RowSplit), nameof(ValueHash), [cursor.Schema[_columns[0]].Type.RawType], cursor);
        return () => keep((DataViewRowId.Scramble(hash() ^ _seed) >> 11) * (1.0 / (1UL << 53)));
    });

    private static Func<ulong> RowHash(DataViewRowCursor cursor)
    {
        var getter = cursor.GetIdGetter();
        DataViewRowId id = default;
        return () =>
        {
            getter(ref id);
            return DataViewRowId.Scramble(id.Low + 0x632BE59BD9B4E019UL) ^ id.High;
        };
    }

    private Func<ulong> ValueHash<T>(DataViewRowCursor cursor)
    {
        var getter = cursor.GetGetter<T>(cursor.Schema[_columns[0]]);
        T value = default;
        return () =>
        {
            getter(ref value);
            return TextHash(value is ReadOnlyMemory<char> text ? text.Span : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
        };
    }

    /// <summary>FNV-1a: the same in every process, unlike string hash codes.</summary>
    private static ulong TextHash(ReadOnlySpan<char> text)
    {
        ulong hash = 14695981039346656037UL;
        foreach (char c in text) hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }
}
