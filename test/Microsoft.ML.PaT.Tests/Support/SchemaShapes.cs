namespace Microsoft.ML.PaT.Tests;

/// <summary>Shapes of schemas, which only ML.NET itself can make: caught from a chain that is being fitted.</summary>
internal static class SchemaShapes
{
    public static SchemaShape Of(MLContext ml, IDataView data)
    {
        var catcher = new Catcher(ml);
        ml.Transforms.CopyColumns("Copy", data.Schema[0].Name).Append(catcher).Append(ml.Transforms.CopyColumns("Again", "Copy")).Fit(data);
        return new(catcher.Shape!.Where(c => c.Name != "Copy"));
    }

    private sealed class Catcher(MLContext ml) : IEstimator<ITransformer>
    {
        public SchemaShape? Shape { get; private set; }

        public ITransformer Fit(IDataView input) => ml.Transforms.CopyColumns("Third", "Copy").Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;
    }
}
