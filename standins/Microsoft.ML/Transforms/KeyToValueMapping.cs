using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Turns keys back into the values that the column's KeyValues annotation holds.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    private readonly IReadOnlyList<InputOutputColumnPair> _columns;

    internal KeyToValueMappingEstimator(IReadOnlyList<InputOutputColumnPair> columns) : base(new(columns)) => _columns = columns;

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(_columns.Select(pair =>
        {
            var source = inputSchema.Find(pair.InputColumnName);
            if (!source.IsKey) throw Failures.Mismatch(pair.InputColumnName, "KeyType", source.TypeText);
            if (!source.Annotations.TryFindColumn(AnnotationKinds.KeyValues, out var values))
                throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Input column '{pair.InputColumnName}' doesn't contain key values metadata");
            return new SchemaShape.Column(pair.OutputColumnName, source.Kind, values.ItemType, values.IsKey, source.KeepingAnnotations(AnnotationKinds.SlotNames).Annotations);
        }));
    }
}

/// <inheritdoc cref="KeyToValueMappingEstimator"/>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string Kind = "KeyToValueMapping";

    internal KeyToValueMappingTransformer(IReadOnlyList<InputOutputColumnPair> columns) : base(columns) { }

    private protected override MappedColumn Bind(int i, string name, DataViewSchema.Column source)
    {
        if (source.Type.ItemType() is not KeyDataViewType key) throw Failures.Mismatch(source.Name, "a key or a vector of keys", source.Type.ToString());
        if (!source.HasKeyValues()) throw Failures.Mismatch(source.Name, "a key with KeyValues of as many values", source.Type.ToString());
        var values = ((VectorDataViewType)source.Annotations.Schema[AnnotationKinds.KeyValues].Type).ItemType;
        return new(name, ItemMap.WithItems(source.Type, values), [source.Index], AnnotationHelper.Keep(source.Annotations, AnnotationKinds.SlotNames))
        {
            Getter = row => (Delegate)Generic.Call(null, typeof(KeyToValueMappingTransformer), nameof(Getter), [key.RawType, values.RawType], row, source),
        };
    }

    private static Delegate Getter<TKey, TValue>(DataViewRow row, DataViewSchema.Column source) where TKey : struct, System.Numerics.INumberBase<TKey>
    {
        VBuffer<TValue> annotation = default;
        source.GetKeyValues(ref annotation);
        var values = annotation.DenseValues().ToArray();
        TValue missing = typeof(TValue) == typeof(float) ? (TValue)(object)float.NaN : typeof(TValue) == typeof(double) ? (TValue)(object)double.NaN : default;
        return ItemMap.Getter(row, source, (in TKey key, ref TValue value) =>
        {
            ulong number = ulong.CreateTruncating(key);
            value = number >= 1 && number <= (ulong)values.Length ? values[number - 1] : missing;
        });
    }

    private protected override void SaveModel(ModelSaveContext ctx) => PairCodec.Write(ctx.Begin(Kind, 1), Columns);

    internal static ITransformer Load(ModelLoadContext ctx) => new KeyToValueMappingTransformer(PairCodec.Read(ctx.Expect(1)));
}
