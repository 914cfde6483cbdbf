namespace Microsoft.ML;

/// <summary>Reads a numeric or key column of any width as a double.</summary>
internal static class NumberReader
{
    internal static Func<double> Of(DataViewRow row, DataViewSchema.Column column) =>
        (Func<double>)Generic.Call(null, typeof(NumberReader), nameof(Make), [column.Type.RawType], row, column);

    private static Func<double> Make<T>(DataViewRow row, DataViewSchema.Column column) where T : struct, System.Numerics.INumberBase<T>
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            return double.CreateChecked(value);
        };
    }
}
