using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Data;

/// <summary>Names of rows in messages: the number of the row, and the name of its image if it has one.</summary>
internal static class RowNames
{
    /// <summary>Text columns that probably contain names or paths of the images, in the order of the schema.</summary>
    public static IReadOnlyList<DataViewSchema.Column> Columns(DataViewSchema schema) =>
    [
        .. schema.Where(column => !column.IsHidden && column.Type is TextDataViewType
            && (column.Name.Contains("path", StringComparison.OrdinalIgnoreCase)
                || column.Name.Contains("file", StringComparison.OrdinalIgnoreCase)
                || column.Name.Equals("name", StringComparison.OrdinalIgnoreCase))),
    ];

    /// <summary>The column whose text names a row in messages; null for none.</summary>
    public static DataViewSchema.Column? Column(DataViewSchema schema) =>
        Columns(schema) is [var first, ..] ? first : null;

    public static Func<long, string> Reader(DataViewRow row, DataViewSchema.Column? column)
    {
        if (column is not { } named) return position => $"row {position}";
        var getter = row.GetGetter<ReadOnlyMemory<char>>(named);
        ReadOnlyMemory<char> text = default;
        return position =>
        {
            getter(ref text);
            return $"row {position} ({text})";
        };
    }
}
