using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns, with type and annotations.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    private readonly IReadOnlyList<InputOutputColumnPair> _columns;

    internal ColumnCopyingEstimator(IReadOnlyList<InputOutputColumnPair> columns) : base(new(columns)) => _columns = columns;

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(_columns.Select(c => inputSchema.Find(c.InputColumnName).Renamed(c.OutputColumnName)));
    }
}

/// <inheritdoc cref="ColumnCopyingEstimator"/>
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal const string Kind = "ColumnCopying";

    internal ColumnCopyingTransformer(IReadOnlyList<InputOutputColumnPair> columns) : base(columns) { }

    private protected override MappedColumn Bind(int i, string name, DataViewSchema.Column source) =>
        new(name, source.Type, [source.Index], source.Annotations)
        {
            Getter = row => (Delegate)Generic.Call(null, typeof(ColumnCopyingTransformer), nameof(Getter), [source.Type.RawType], row, source),
        };

    private static ValueGetter<T> Getter<T>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<T>(column);

    private protected override void SaveModel(ModelSaveContext ctx) => PairCodec.Write(ctx.Begin(Kind, 1), Columns);

    internal static ITransformer Load(ModelLoadContext ctx) => new ColumnCopyingTransformer(PairCodec.Read(ctx.Expect(1)));
}
