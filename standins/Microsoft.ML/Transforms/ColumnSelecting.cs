using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Keeps or drops columns by name.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(ColumnSelectingTransformer transformer) : base(transformer) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (string name in Transformer.Names) inputSchema.Find(name);
        return new(Transformer.Drops
            ? inputSchema.Where(c => !Transformer.Names.Contains(c.Name))
            : Transformer.Names.Select(inputSchema.Find));
    }
}

/// <inheritdoc cref="ColumnSelectingEstimator"/>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string Kind = "ColumnSelecting";
    private readonly bool _keepHidden;

    internal ColumnSelectingTransformer(string[] names, bool drop, bool keepHidden)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Length == 0) throw new ArgumentOutOfRangeException(nameof(names), "At least one column is needed.");
        Names = names;
        Drops = drop;
        _keepHidden = keepHidden;
    }

    internal IReadOnlyList<string> Names { get; }
    internal bool Drops { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    private RowMapping Bind(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (string name in Names)
            if (input.GetColumnOrNull(name) is null) throw Failures.MissingInput(name);
        var kept = Drops
            ? input.Where(c => !Names.Contains(c.Name) && (_keepHidden || !c.IsHidden))
            : Names.SelectMany(name => input.Where(c => c.Name == name && (_keepHidden || !c.IsHidden)));
        return new(input, [], kept.Select(c => c.Index).ToArray());
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        var writer = ctx.Begin(Kind, 1);
        writer.Write(Drops);
        writer.Write(_keepHidden);
        PairCodec.WriteNames(writer, Names);
    }

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var reader = ctx.Expect(1);
        bool drops = reader.ReadBoolean(), keepHidden = reader.ReadBoolean();
        return new ColumnSelectingTransformer(PairCodec.ReadNames(reader), drops, keepHidden);
    }
}
