namespace Microsoft.ML.Data;

/// <summary>A transformer whose output row depends on the input row alone.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase() { }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema).OutputSchema;
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    /// <summary>The mapping over a schema; refuses a schema that lacks what it needs.</summary>
    private protected abstract RowMapping Bind(DataViewSchema input);

    private protected abstract void SaveModel(ModelSaveContext ctx);
}

/// <summary>Maps columns one by one: each output column comes from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(IReadOnlyList<InputOutputColumnPair> columns) => Columns = columns;

    private protected IReadOnlyList<InputOutputColumnPair> Columns { get; }

    private protected sealed override RowMapping Bind(DataViewSchema input) =>
        new(input, Columns.Select((pair, i) => Bind(i, pair.OutputColumnName, input.GetColumnOrNull(pair.InputColumnName) ?? throw Failures.MissingInput(pair.InputColumnName))).ToArray());

    /// <summary>The <paramref name="i"/>-th output column, computed from <paramref name="source"/>.</summary>
    private protected abstract MappedColumn Bind(int i, string name, DataViewSchema.Column source);
}

/// <summary>An estimator with nothing to learn: its transformer is there from the start.</summary>
public abstract class TrivialEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : class, ITransformer
{
    private protected TrivialEstimator(TTransformer transformer) => Transformer = transformer;

    private protected TTransformer Transformer { get; }

    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Transformer.GetOutputSchema(input.Schema); // refuses a schema it cannot work on
        return Transformer;
    }

    public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);
}
