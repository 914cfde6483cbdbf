namespace Microsoft.ML.PaT.Tests;

/// <summary>Schema shapes, which only ML.NET can create: taken from a chain during Fit.</summary>
internal static class SchemaShapes
{
    public static SchemaShape Of(MLContext ml, IDataView data)
    {
        var catcher = new Catcher(ml);
        ml.Transforms.CopyColumns("Copy", data.Schema[0].Name)
            .Append(catcher)
            .Append(ml.Transforms.CopyColumns("Again", "Copy"))
            .Fit(data);
        return new(catcher.Shape!.Where(c => c.Name != "Copy"));
    }

    private sealed class Catcher(MLContext ml) : IEstimator<ITransformer>
    {
        public SchemaShape? Shape { get; private set; }

        public ITransformer Fit(IDataView input) => ml.Transforms.CopyColumns("Third", "Copy").Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;
    }
}
