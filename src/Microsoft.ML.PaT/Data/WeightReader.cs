using Microsoft.ML.Data;
using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Data;

/// <summary>Reads the column with the weights of images.</summary>
internal static class WeightReader
{
    /// <summary>Finds the column.</summary>
    /// <param name="name">Name of the column; null for none.</param>
    /// <exception cref="InvalidImageDataException">The column is missing, or its type is not <c>Single</c>.</exception>
    public static DataViewSchema.Column? Find(DataViewSchema schema, string? name)
    {
        if (name is null) return null;
        var column = Columns.Find(schema, name, "weight");
        return column.Type == NumberDataViewType.Single ? column : throw NoWeight(name, column.Type);
    }

    /// <summary>Checks the column of a schema.</summary>
    /// <param name="name">Name of the column; null for none.</param>
    /// <exception cref="InvalidImageDataException">The column is missing, or its type is not <c>Single</c>.</exception>
    public static void Check(SchemaShape schema, string? name)
    {
        if (name is null) return;
        var column = Columns.Find(schema, name, "weight");
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.ItemType != NumberDataViewType.Single)
        {
            var isScalar = column.Kind == SchemaShape.Column.VectorKind.Scalar;
            throw NoWeight(name, isScalar ? column.ItemType : $"a vector of {column.ItemType}");
        }
    }

    /// <summary>
    /// Returns a function that gives the weight of the current row: 1 without a column; NaN or a negative number if the
    /// weight is missing or wrong.
    /// </summary>
    /// <param name="column">The column; null for none.</param>
    public static Func<float> Create(DataViewRow row, DataViewSchema.Column? column)
    {
        if (column is not { } weights) return () => 1;
        var getter = row.GetGetter<float>(weights);
        var value = 0f;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }

    private static InvalidImageDataException NoWeight(string name, object type) =>
        new(
            ErrorCodes.ColumnTypeUnsupported,
            $"The weight column '{name}' must be Single, one number per row; it is {type}. ConvertType converts it.");
}
