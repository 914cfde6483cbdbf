namespace Microsoft.ML.Data;

/// <summary>Reads one column as a sequence.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(columnName);
        return data.GetColumn<T>(data.Schema[columnName]);
    }

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (column.Type.RawType != MemberTypes.RawType(typeof(T)))
            throw new InvalidOperationException($"Could not map a data view column '{column.Name}' of type {column.Type} to {typeof(T)}.");
        return (IEnumerable<T>)Generic.Call(null, typeof(ColumnCursorExtensions), nameof(Values), [typeof(T), column.Type.RawType], data, column);
    }

    private static IEnumerable<T> Values<T, TRaw>(IDataView data, DataViewSchema.Column column)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<TRaw>(column);
        while (cursor.MoveNext())
        {
            TRaw raw = default; // every item stands for itself
            getter(ref raw);
            T value = default;
            MemberConversion<T, TRaw>.FromRaw(ref raw, ref value);
            yield return value;
        }
    }
}
