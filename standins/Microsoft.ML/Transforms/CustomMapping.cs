using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Computes new columns with a function from one row class to another.</summary>
public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(CustomMappingTransformer<TSrc, TDst> transformer) : base(transformer) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var wanted in SchemaShape.Create(Transformer.Source.Schema))
        {
            var found = inputSchema.Find(wanted.Name);
            // A vector of any length takes vectors of a known one too.
            bool kindFits = wanted.Kind == SchemaShape.Column.VectorKind.VariableVector ? found.Kind != SchemaShape.Column.VectorKind.Scalar : found.Kind == wanted.Kind;
            if (!kindFits || !found.ItemType.Equals(wanted.ItemType) || found.IsKey != wanted.IsKey) throw Failures.Mismatch(wanted.Name, wanted.TypeText, found.TypeText);
        }
        return inputSchema.With(SchemaShape.Create(Transformer.Target.Schema));
    }
}

/// <inheritdoc cref="CustomMappingEstimator{TSrc,TDst}"/>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _map;
    private readonly string _contractName;

    internal CustomMappingTransformer(Action<TSrc, TDst> map, string contractName, SchemaDefinition source, SchemaDefinition target)
    {
        ArgumentNullException.ThrowIfNull(map);
        _map = map;
        _contractName = contractName;
        Source = new(source, SchemaDefinition.Direction.Write);
        Target = new(target, SchemaDefinition.Direction.Write);
    }

    internal RowLayout<TSrc> Source { get; }
    internal RowLayout<TDst> Target { get; }

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
        return new Mapping(this, input, Source.BindTo(input, ignoreMissing: false));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        CustomMappingFormat.Save(ctx, _contractName, _map.Method.DeclaringType.Assembly);
    }

    /// <summary>The function runs once a row, when the first of its columns is read.</summary>
    private sealed class Mapping(CustomMappingTransformer<TSrc, TDst> parent, DataViewSchema input, IReadOnlyList<(RowField<TSrc> Field, DataViewSchema.Column Column)> bound)
        : RowMapping(input, Columns(parent, bound))
    {
        private static MappedColumn[] Columns(CustomMappingTransformer<TSrc, TDst> parent, IReadOnlyList<(RowField<TSrc>, DataViewSchema.Column Column)> bound)
        {
            var inputs = bound.Select(b => b.Column.Index).ToArray();
            return parent.Target.Schema.Select(c => new MappedColumn(c.Name, c.Type, inputs, c.Annotations)).ToArray();
        }

        protected override Delegate[] Getters(DataViewRow row, bool[] wanted)
        {
            var getters = new Delegate[wanted.Length];
            if (!wanted.Contains(true)) return getters;
            var fill = RowLayout<TSrc>.Filler(bound, row);
            TSrc source = new();
            TDst target = new();
            long served = -1;
            TDst Current()
            {
                if (served != row.Position)
                {
                    fill(source);
                    parent._map(source, target);
                    served = row.Position;
                }
                return target;
            }
            for (int i = 0; i < wanted.Length; i++)
                if (wanted[i]) getters[i] = parent.Target.Fields[i].Getter(Current);
            return getters;
        }
    }
}
