using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

/// <summary>Catches the shape of a schema: a chain shows it to every estimator before it fits any.</summary>
internal sealed class ShapeSpy : IEstimator<ITransformer>
{
    private SchemaShape? _seen;

    /// <summary>The shape that a chain derives from a table's schema.</summary>
    internal static SchemaShape Of(IDataView data)
    {
        var spy = new ShapeSpy();
        new EstimatorChain<ITransformer>().Append(spy).Fit(data);
        return spy._seen!;
    }

    public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _seen = inputSchema;
        return inputSchema;
    }
}
