using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Predicates on the values of named columns.</summary>
internal static class RowFilters
{
    internal static IDataView ByRange(IDataView input, string columnName, double lower, double upper)
    {
        if (!(lower < upper)) throw new ArgumentOutOfRangeException("upperBound", upper, $"Must be more than {lower}.");
        var column = Column(input, columnName);
        if (column.Type != NumberDataViewType.Single && column.Type != NumberDataViewType.Double)
            throw Failures.Mismatch(columnName, "Single or Double", column.Type.ToString());
        return new RowFilterView(input, [columnName], cursor =>
        {
            var number = NumberReader.Of(cursor, cursor.Schema[columnName]);
            return () => number() is var x && x >= lower && x < upper;
        });
    }

    internal static IDataView ByKeyFraction(IDataView input, string columnName, double lower, double upper)
    {
        if (lower < 0 || lower > 1) throw new ArgumentOutOfRangeException(nameof(lower), lower, "Must be in [0, 1].");
        if (upper < 0 || upper > 1) throw new ArgumentOutOfRangeException(nameof(upper), upper, "Must be in [0, 1].");
        var column = Column(input, columnName);
        if (column.Type is not KeyDataViewType key) throw Failures.Mismatch(columnName, "a key", column.Type.ToString());
        return new RowFilterView(input, [columnName], cursor =>
        {
            var number = NumberReader.Of(cursor, cursor.Schema[columnName]);
            return () => number() is var k && k >= 1 && (k - 0.5) / key.Count is var fraction && fraction >= lower && fraction < upper;
        });
    }

    internal static IDataView ByMissingValues(IDataView input, string[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        foreach (string name in columns) Column(input, name);
        return new RowFilterView(input, columns, cursor =>
        {
            var missing = columns.Select(name => (Func<bool>)Generic.Call(null, typeof(RowFilters), nameof(Missing),
                [cursor.Schema[name].Type.ItemType().RawType], cursor, cursor.Schema[name])).ToArray();
            return () => !missing.Any(m => m());
        });
    }

    private static Func<bool> Missing<T>(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        bool isKey = column.Type.ItemType() is KeyDataViewType;
        if (column.Type is not VectorDataViewType)
        {
            var single = cursor.GetGetter<T>(column);
            T value = default;
            return () =>
            {
                single(ref value);
                return IsMissing(value, isKey);
            };
        }
        var vector = cursor.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return () =>
        {
            vector(ref values);
            foreach (var item in values.GetValues())
                if (IsMissing(item, isKey)) return true;
            return isKey && !values.IsDense;
        };
    }

    private static bool IsMissing<T>(T value, bool isKey) => value switch
    {
        float f => float.IsNaN(f),
        double d => double.IsNaN(d),
        _ => isKey && EqualityComparer<T>.Default.Equals(value, default),
    };

    private static DataViewSchema.Column Column(IDataView input, string name)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return input.Schema.GetColumnOrNull(name) ?? throw Failures.MissingInput(name);
    }
}
