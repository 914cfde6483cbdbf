using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Numbers the distinct values of a column from 1 on.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IReadOnlyList<InputOutputColumnPair> _columns;
    private readonly int _maximum;
    private readonly KeyOrdinality _order;
    private readonly bool _asText;
    private readonly IDataView _keyData;

    /// <summary>In which order values are numbered.</summary>
    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    internal ValueToKeyMappingEstimator(IReadOnlyList<InputOutputColumnPair> columns, int maximum, KeyOrdinality order, bool asText, IDataView keyData)
    {
        if (maximum <= 0) throw new ArgumentOutOfRangeException("maximumNumberOfKeys", maximum, "Must be positive.");
        if (keyData is not null && keyData.Schema.Count(c => !c.IsHidden) != 1)
            throw new ArgumentOutOfRangeException(nameof(keyData), "The key data has exactly one column.");
        _columns = columns;
        _maximum = maximum;
        _order = order;
        _asText = asText;
        _keyData = keyData;
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var pair in _columns)
            if (input.Schema.GetColumnOrNull(pair.InputColumnName) is null) throw Failures.MissingInput(pair.InputColumnName);
        var sources = _keyData is null
            ? _columns.Select(c => input.Schema[c.InputColumnName]).ToArray()
            : Enumerable.Repeat(_keyData.Schema.Single(c => !c.IsHidden), _columns.Count).ToArray();
        var terms = KeyTerms.Learn(_keyData ?? input, sources, _maximum, _order);
        return new(_columns, terms, _asText);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(_columns.Select(pair =>
        {
            var source = inputSchema.Find(pair.InputColumnName);
            if (source.ItemType is not PrimitiveDataViewType) throw Failures.Mismatch(pair.InputColumnName, "a primitive type or a vector of one", source.TypeText);
            var annotations = new List<SchemaShape.Column>();
            if (source.Annotations.TryFindColumn(AnnotationKinds.SlotNames, out var slots)) annotations.Add(slots);
            annotations.Add(source.IsKey && source.Annotations.TryFindColumn(AnnotationKinds.KeyValues, out var values) && values.Kind == SchemaShape.Column.VectorKind.Vector
                ? values
                : new(AnnotationKinds.KeyValues, SchemaShape.Column.VectorKind.Vector, _asText ? TextDataViewType.Instance : source.ItemType, source.IsKey));
            return new SchemaShape.Column(pair.OutputColumnName, source.Kind, NumberDataViewType.UInt32, true, new(annotations));
        }));
    }
}

/// <inheritdoc cref="ValueToKeyMappingEstimator"/>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string Kind = "ValueToKeyMapping";
    private readonly IReadOnlyList<KeyTerms> _terms;
    private readonly bool _asText;

    internal ValueToKeyMappingTransformer(IReadOnlyList<InputOutputColumnPair> columns, IReadOnlyList<KeyTerms> terms, bool asText) : base(columns)
    {
        _terms = terms;
        _asText = asText;
    }

    private protected override MappedColumn Bind(int i, string name, DataViewSchema.Column source)
    {
        var terms = _terms[i];
        if (source.Type.ItemType().RawType != terms.ItemType.RawType)
            throw Failures.Mismatch(source.Name, terms.ItemType.ToString(), source.Type.ToString());
        var annotations = new DataViewSchema.Annotations.Builder();
        if (source.HasSlotNames()) annotations.Add(source.Annotations, kind => kind == AnnotationKinds.SlotNames);
        terms.AddKeyValues(annotations, source, _asText);
        return new(name, ItemMap.WithItems(source.Type, terms.KeyType), [source.Index], annotations.ToAnnotations())
        {
            Getter = row => terms.Getter(row, source),
        };
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        var writer = ctx.Begin(Kind, 1);
        PairCodec.Write(writer, Columns);
        writer.Write(_asText);
        foreach (var terms in _terms) terms.Save(writer);
    }

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var reader = ctx.Expect(1);
        var columns = PairCodec.Read(reader);
        bool asText = reader.ReadBoolean();
        return new ValueToKeyMappingTransformer(columns, columns.Select(_ => KeyTerms.Load(reader)).ToArray(), asText);
    }
}
