using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Converts columns to another kind of data, item by item.</summary>
public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
{
    private readonly IReadOnlyList<InputOutputColumnPair> _columns;
    private readonly PrimitiveDataViewType _target;

    internal TypeConvertingEstimator(IReadOnlyList<InputOutputColumnPair> columns, DataKind outputKind) : base(new(columns, outputKind))
    {
        _columns = columns;
        _target = PrimitiveTypes.FromKind(outputKind);
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(_columns.Select(pair =>
        {
            var source = inputSchema.Find(pair.InputColumnName);
            if (!ItemConversion.Exists(source.ItemType.RawType, _target.RawType))
                throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Don't know how to convert {pair.InputColumnName} into {_target}");
            return new SchemaShape.Column(pair.OutputColumnName, source.Kind, _target, false, source.KeepingAnnotations(AnnotationKinds.SlotNames).Annotations);
        }));
    }
}

/// <inheritdoc cref="TypeConvertingEstimator"/>
public sealed class TypeConvertingTransformer : OneToOneTransformerBase
{
    internal const string Kind = "TypeConverting";
    private readonly DataKind _outputKind;

    internal TypeConvertingTransformer(IReadOnlyList<InputOutputColumnPair> columns, DataKind outputKind) : base(columns) => _outputKind = outputKind;

    private protected override MappedColumn Bind(int i, string name, DataViewSchema.Column source)
    {
        var target = PrimitiveTypes.FromKind(_outputKind);
        var item = source.Type.ItemType();
        if (!ItemConversion.Exists(item.RawType, target.RawType))
            throw new ArgumentOutOfRangeException("inputSchema", $"Don't know how to convert {source.Name} ({source.Type}) into {target}");
        return new(name, ItemMap.WithItems(source.Type, target), [source.Index], AnnotationHelper.Keep(source.Annotations, AnnotationKinds.SlotNames))
        {
            Getter = row => (Delegate)Generic.Call(null, typeof(TypeConvertingTransformer), nameof(Getter), [item.RawType, target.RawType], row, source),
        };
    }

    private static Delegate Getter<TSource, TTarget>(DataViewRow row, DataViewSchema.Column source) =>
        ItemMap.Getter(row, source, ItemConversion.Of<TSource, TTarget>());

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        var writer = ctx.Begin(Kind, 1);
        writer.Write((byte)_outputKind);
        PairCodec.Write(writer, Columns);
    }

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var reader = ctx.Expect(1);
        var kind = (DataKind)reader.ReadByte();
        if (!Enum.IsDefined(kind)) throw Failures.BadModel($"Corrupt model file: {kind} is no kind of data.");
        return new TypeConvertingTransformer(PairCodec.Read(reader), kind);
    }
}
