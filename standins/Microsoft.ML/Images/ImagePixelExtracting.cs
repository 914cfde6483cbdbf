using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes pixel vectors of pictures: (value - offset) * scale, planar unless told otherwise.</summary>
public sealed class ImagePixelExtractingEstimator : TrivialEstimator<ImagePixelExtractingTransformer>
{
    internal ImagePixelExtractingEstimator(ImagePixelExtractingTransformer transformer) : base(transformer) { }

    [Flags]
    public enum ColorBits : byte
    {
        Alpha = 1,
        Red = 2,
        Green = 4,
        Blue = 8,
        Rgb = Red | Green | Blue,
        All = Alpha | Rgb,
    }

    public enum ColorsOrder : byte
    {
        ARGB = 1,
        ARBG = 2,
        ABRG = 3,
        ABGR = 4,
        AGRB = 5,
        AGBR = 6,
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(Transformer.Pairs.Select(pair =>
        {
            ImageColumns.CheckedShape(inputSchema, pair.InputColumnName);
            return new SchemaShape.Column(pair.OutputColumnName, SchemaShape.Column.VectorKind.Vector, Transformer.ItemType, false);
        }));
    }
}

/// <inheritdoc cref="ImagePixelExtractingEstimator"/>
public sealed class ImagePixelExtractingTransformer : OneToOneTransformerBase
{
    internal const string Kind = "ImagePixelExtracting";
    private readonly PixelLayout _layout;
    private readonly bool _asFloats;

    internal ImagePixelExtractingTransformer(IReadOnlyList<InputOutputColumnPair> columns, PixelLayout layout, bool asFloats) : base(columns)
    {
        if (!asFloats && (layout.Offset != 0 || layout.Scale != 1))
            throw new ArgumentOutOfRangeException("outputAsFloatArray", "Bytes can neither be shifted nor scaled.");
        _layout = layout;
        _asFloats = asFloats;
    }

    internal IReadOnlyList<InputOutputColumnPair> Pairs => Columns;
    internal NumberDataViewType ItemType => _asFloats ? NumberDataViewType.Single : NumberDataViewType.Byte;

    private protected override MappedColumn Bind(int i, string name, DataViewSchema.Column source)
    {
        ImageColumns.Check(source);
        var type = (ImageDataViewType)source.Type;
        if (type.Height <= 0 || type.Width <= 0)
            throw Failures.Mismatch(source.Name, "known size image", "unknown size");
        return new(name, new VectorDataViewType(ItemType, _layout.Dimensions(type.Height, type.Width)), [source.Index])
        {
            Getter = row => _asFloats
                ? Getter(row, source, type, value => (value - _layout.Offset) * _layout.Scale)
                : Getter(row, source, type, value => value),
        };
    }

    private ValueGetter<VBuffer<T>> Getter<T>(DataViewRow row, DataViewSchema.Column source, ImageDataViewType type, Func<byte, T> convert)
    {
        var getter = row.GetGetter<MLImage>(source);
        var values = Enumerable.Range(0, 256).Select(v => convert((byte)v)).ToArray();
        int pixels = type.Height * type.Width;
        return (ref VBuffer<T> dst) =>
        {
            MLImage image = null;
            getter(ref image);
            if (image is null)
            {
                dst = new VBuffer<T>(pixels * _layout.Planes.Count, 0, [], []);
                return;
            }
            if (image.Height != type.Height || image.Width != type.Width)
                throw new InvalidOperationException($"A picture of {image.Width} x {image.Height} pixels in column '{source.Name}' of {type.Width} x {type.Height}.");
            var editor = VBufferEditor.Create(ref dst, pixels * _layout.Planes.Count);
            var bytes = image.Pixels;
            for (int plane = 0; plane < _layout.Planes.Count; plane++)
            {
                int at = PixelLayout.ByteOf(_layout.Planes[plane], image.PixelFormat);
                for (int p = 0; p < pixels; p++) editor.Values[_layout.Index(plane, p, pixels)] = values[bytes[4 * p + at]];
            }
            dst = editor.Commit();
        };
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        var writer = ctx.Begin(Kind, 1);
        PairCodec.Write(writer, Columns);
        _layout.Save(writer);
        writer.Write(_asFloats);
    }

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var reader = ctx.Expect(1);
        return new ImagePixelExtractingTransformer(PairCodec.Read(reader), PixelLayout.Load(reader), reader.ReadBoolean());
    }
}
