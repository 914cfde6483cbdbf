namespace Microsoft.ML.PaT.Data;

/// <summary>Reads keys of a label column as class indices.</summary>
internal static class LabelReader
{
    /// <summary>
    /// Returns a function that gives the class of the current row: 0 for the first class, -1 for a missing label.
    /// </summary>
    public static Func<int> Create(DataViewRow row, DataViewSchema.Column column)
    {
        var raw = column.Type.RawType;
        return raw == typeof(uint) ? Create<uint>(row, column, v => v)
            : raw == typeof(byte) ? Create<byte>(row, column, v => v)
            : raw == typeof(ushort) ? Create<ushort>(row, column, v => v)
            : Create<ulong>(row, column, v => v);
    }

    private static Func<int> Create<T>(DataViewRow row, DataViewSchema.Column column, Func<T, ulong> widen)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            var key = widen(value);
            return key > int.MaxValue ? int.MaxValue : (int)key - 1;
        };
    }
}
