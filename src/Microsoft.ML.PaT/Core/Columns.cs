namespace Microsoft.ML.PaT.Core;

/// <summary>Finds columns; errors list the columns that exist.</summary>
internal static class Columns
{
    /// <exception cref="InvalidImageDataException">The column does not exist.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, string what) =>
        schema.GetColumnOrNull(name) ?? throw Missing(name, what, schema.Where(c => !c.IsHidden).Select(c => c.Name));

    /// <exception cref="InvalidImageDataException">The column does not exist.</exception>
    public static SchemaShape.Column Find(SchemaShape schema, string name, string what)
    {
        foreach (var column in schema)
            if (column.Name == name) return column;
        throw Missing(name, what, schema.Select(c => c.Name));
    }

    private static InvalidImageDataException Missing(string name, string what, IEnumerable<string> there) =>
        new(ErrorCodes.ColumnMissing, $"There is no {what} column '{name}'. The data has: {string.Join(", ", there)}.");
}
