using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

public static class CustomMappingCatalog
{
    public static CustomMappingEstimator<TSrc, TDst> CustomMapping<TSrc, TDst>(
        this TransformsCatalog catalog, Action<TSrc, TDst> mapAction, string contractName,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class, new()
        where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(new(mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition));
    }

    public static IDataView FilterByCustomPredicate<TSrc>(this DataOperationsCatalog catalog, IDataView input, Func<TSrc, bool> filterPredicate)
        where TSrc : class, new()
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(filterPredicate);
        var layout = new RowLayout<TSrc>(null, SchemaDefinition.Direction.Write);
        var bound = layout.BindTo(input.Schema, ignoreMissing: false);
        return new RowFilterView(input, bound.Select(b => b.Column.Name).ToArray(), cursor =>
        {
            var fill = RowLayout<TSrc>.Filler(bound, cursor);
            var row = new TSrc();
            return () =>
            {
                fill(row);
                return !filterPredicate(row); // the predicate says what to filter out
            };
        });
    }
}
