using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Looks a column's values up in a table.</summary>
public class ValueMappingEstimator : TrivialEstimator<ValueMappingTransformer>
{
    internal ValueMappingEstimator(ValueMappingTransformer transformer) : base(transformer) { }

    public sealed override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var value = SchemaShape.Column.Of("value", Transformer.Map.ValueType, Transformer.Map.Annotations);
        return inputSchema.With(Transformer.Pairs.Select(pair =>
        {
            var source = inputSchema.Find(pair.InputColumnName);
            bool vector = source.Kind != SchemaShape.Column.VectorKind.Scalar;
            if (vector && value.Kind != SchemaShape.Column.VectorKind.Scalar)
                throw new NotSupportedException($"Column '{pair.InputColumnName}' cannot be mapped to values when the column and the map values are both vector type.");
            return new SchemaShape.Column(pair.OutputColumnName, vector ? source.Kind : value.Kind, value.ItemType, value.IsKey, value.Annotations);
        }));
    }
}

/// <inheritdoc/>
public sealed class ValueMappingEstimator<TKey, TValue> : ValueMappingEstimator
{
    internal ValueMappingEstimator(ValueMappingTransformer transformer) : base(transformer) { }
}

/// <inheritdoc cref="ValueMappingEstimator"/>
public class ValueMappingTransformer : OneToOneTransformerBase
{
    internal const string Kind = "ValueMapping";

    internal ValueMappingTransformer(IReadOnlyList<InputOutputColumnPair> columns, ValueMap map) : base(columns) => Map = map;

    internal ValueMap Map { get; }
    internal IReadOnlyList<InputOutputColumnPair> Pairs => Columns;

    private protected override MappedColumn Bind(int i, string name, DataViewSchema.Column source)
    {
        if (source.Type is VectorDataViewType && Map.ValueType is VectorDataViewType)
            throw new NotSupportedException($"Column '{source.Name}' cannot be mapped to values when the column and the map values are both vector type.");
        if (source.Type.ItemType().RawType != Map.KeyType.RawType) throw Failures.Mismatch(source.Name, Map.KeyType.ToString(), source.Type.ToString());
        var type = source.Type is VectorDataViewType ? ItemMap.WithItems(source.Type, (PrimitiveDataViewType)Map.ValueType) : Map.ValueType;
        return new(name, type, [source.Index], Map.Annotations) { Getter = row => Map.Getter(row, source) };
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        var writer = ctx.Begin(Kind, 1);
        PairCodec.Write(writer, Columns);
        Map.Save(writer);
    }

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var reader = ctx.Expect(1);
        return new ValueMappingTransformer(PairCodec.Read(reader), ValueMap.Load(reader));
    }
}
