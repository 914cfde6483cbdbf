using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes pictures of pixel vectors: round(value * scale - offset); absent colours are black, absent alpha is opaque.</summary>
public sealed class VectorToImageConvertingEstimator : TrivialEstimator<VectorToImageConvertingTransformer>
{
    internal VectorToImageConvertingEstimator(VectorToImageConvertingTransformer transformer) : base(transformer) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(Transformer.Pairs.Select(pair =>
        {
            var source = inputSchema.Find(pair.InputColumnName);
            if (source.Kind != SchemaShape.Column.VectorKind.Vector || !VectorToImageConvertingTransformer.Takes(source.ItemType))
                throw Failures.Mismatch(pair.InputColumnName, "known-size vector of type float, double or byte", source.TypeText);
            return SchemaShape.Column.Of(pair.OutputColumnName, Transformer.OutputType);
        }));
    }
}

/// <inheritdoc cref="VectorToImageConvertingEstimator"/>
public sealed class VectorToImageConvertingTransformer : OneToOneTransformerBase
{
    internal const string Kind = "VectorToImageConverting";
    private readonly PixelLayout _layout;

    internal VectorToImageConvertingTransformer(IReadOnlyList<InputOutputColumnPair> columns, int height, int width, PixelLayout layout) : base(columns)
    {
        OutputType = new(height, width);
        _layout = layout;
    }

    internal IReadOnlyList<InputOutputColumnPair> Pairs => Columns;
    internal ImageDataViewType OutputType { get; }

    internal static bool Takes(DataViewType item) => item == NumberDataViewType.Single || item == NumberDataViewType.Double || item == NumberDataViewType.Byte;

    private protected override MappedColumn Bind(int i, string name, DataViewSchema.Column source)
    {
        int size = OutputType.Height * OutputType.Width * _layout.Planes.Count;
        if (source.Type is not VectorDataViewType vector || vector.Size != size || !Takes(vector.ItemType))
            throw Failures.Mismatch(source.Name, $"a vector of {size} values of type float, double or byte", source.Type.ToString());
        return new(name, OutputType, [source.Index])
        {
            Getter = row => (Delegate)Generic.Call(this, typeof(VectorToImageConvertingTransformer), nameof(Getter), [vector.ItemType.RawType], row, source),
        };
    }

    private ValueGetter<MLImage> Getter<T>(DataViewRow row, DataViewSchema.Column source) where T : struct, System.Numerics.INumberBase<T>
    {
        var getter = row.GetGetter<VBuffer<T>>(source);
        int pixels = OutputType.Height * OutputType.Width;
        bool exact = typeof(T) == typeof(byte) || _layout.Offset == 0 && _layout.Scale == 1;
        VBuffer<T> values = default, dense = default;
        return (ref MLImage image) =>
        {
            getter(ref values);
            if (values.GetValues().Length == 0)
            {
                image = null;
                return;
            }
            values.CopyToDense(ref dense);
            var numbers = dense.GetValues();
            var bytes = new byte[pixels * 4];
            for (int p = 0; p < pixels; p++) bytes[4 * p + 3] = 255;
            for (int plane = 0; plane < _layout.Planes.Count; plane++)
            {
                int at = PixelLayout.ByteOf(_layout.Planes[plane], MLPixelFormat.Bgra32);
                for (int p = 0; p < pixels; p++)
                {
                    float value = float.CreateTruncating(numbers[_layout.Index(plane, p, pixels)]);
                    bytes[4 * p + at] = (byte)Math.Clamp(exact ? value : MathF.Round(value * _layout.Scale - _layout.Offset), 0, 255);
                }
            }
            image = MLImage.CreateFromPixels(OutputType.Width, OutputType.Height, MLPixelFormat.Bgra32, bytes);
            image.Tag = nameof(VectorToImageConvertingTransformer);
        };
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        var writer = ctx.Begin(Kind, 1);
        PairCodec.Write(writer, Columns);
        writer.Write(OutputType.Height);
        writer.Write(OutputType.Width);
        _layout.Save(writer);
    }

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var reader = ctx.Expect(1);
        return new VectorToImageConvertingTransformer(PairCodec.Read(reader), reader.ReadInt32(), reader.ReadInt32(), PixelLayout.Load(reader));
    }
}
