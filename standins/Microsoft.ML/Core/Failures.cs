namespace Microsoft.ML;

/// <summary>The exceptions that several parts throw, in one place so that their types stay those of the real library.</summary>
internal static class Failures
{
    internal static ArgumentOutOfRangeException MissingInput(string column) =>
        new("inputSchema", $"Could not find input column '{column}'");

    internal static ArgumentOutOfRangeException Mismatch(string column, string expected, string got) =>
        new("inputSchema", $"Schema mismatch for input column '{column}': expected {expected}, got {got}");

    internal static ArgumentOutOfRangeException Inactive(DataViewSchema.Column column) =>
        new(nameof(column), $"Column '{column.Name}' is not active: it was not among the columns that this cursor or row was asked for.");

    internal static InvalidOperationException WrongGetter(DataViewSchema.Column column, Type asked) =>
        new($"Invalid TValue in GetGetter: column '{column.Name}' holds {column.Type.RawType}, asked for {asked}.");

    internal static FormatException BadModel(string message) => new(message);
}
