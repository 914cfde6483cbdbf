namespace Microsoft.ML.PaT.Core;

/// <summary>Finds columns, or says which ones there are.</summary>
internal static class Columns
{
    /// <summary>Finds a column of a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="name">Name of the column.</param>
    /// <param name="what">What it is for, for the message.</param>
    /// <exception cref="InvalidImageDataException">There is none.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, string what) =>
        schema.GetColumnOrNull(name) ?? throw Missing(name, what, schema.Where(c => !c.IsHidden).Select(c => c.Name));

    /// <summary>Finds a column of a schema's shape.</summary>
    /// <exception cref="InvalidImageDataException">There is none.</exception>
    public static SchemaShape.Column Find(SchemaShape schema, string name, string what)
    {
        foreach (var column in schema)
            if (column.Name == name) return column;
        throw Missing(name, what, schema.Select(c => c.Name));
    }

    private static InvalidImageDataException Missing(string name, string what, IEnumerable<string> there) =>
        new(ErrorCodes.ColumnMissing, $"There is no {what} column '{name}'. The data has: {string.Join(", ", there)}.");
}
