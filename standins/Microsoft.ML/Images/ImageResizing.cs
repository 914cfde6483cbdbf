using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Resizes pictures.</summary>
public sealed class ImageResizingEstimator : TrivialEstimator<ImageResizingTransformer>
{
    internal ImageResizingEstimator(ImageResizingTransformer transformer) : base(transformer) { }

    public enum ResizingKind : byte
    {
        /// <summary>Keeps the proportions; what is left over stays black.</summary>
        IsoPad = 0,

        /// <summary>Keeps the proportions; what sticks out is cut.</summary>
        IsoCrop = 1,

        /// <summary>Stretches.</summary>
        Fill = 2,
    }

    /// <summary>Which side stays when cropping.</summary>
    public enum Anchor : byte
    {
        Right = 0,
        Left = 1,
        Top = 2,
        Bottom = 3,
        Center = 4,
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => ImageColumns.Shape(inputSchema, Transformer.Pairs, Transformer.OutputType);
}

/// <inheritdoc cref="ImageResizingEstimator"/>
public sealed class ImageResizingTransformer : OneToOneTransformerBase
{
    internal const string Kind = "ImageResizing";
    private readonly ImageResizingEstimator.ResizingKind _kind;
    private readonly ImageResizingEstimator.Anchor _anchor;

    internal ImageResizingTransformer(IReadOnlyList<InputOutputColumnPair> columns, int width, int height, ImageResizingEstimator.ResizingKind kind, ImageResizingEstimator.Anchor anchor)
        : base(columns)
    {
        if (width <= 0) throw new ArgumentOutOfRangeException("imageWidth", width, "Must be positive.");
        if (height <= 0) throw new ArgumentOutOfRangeException("imageHeight", height, "Must be positive.");
        if (!Enum.IsDefined(kind)) throw new ArgumentOutOfRangeException("resizing", kind, "Unknown.");
        if (!Enum.IsDefined(anchor)) throw new ArgumentOutOfRangeException("cropAnchor", anchor, "Unknown.");
        OutputType = new(height, width);
        _kind = kind;
        _anchor = anchor;
    }

    internal IReadOnlyList<InputOutputColumnPair> Pairs => Columns;
    internal ImageDataViewType OutputType { get; }

    private protected override MappedColumn Bind(int i, string name, DataViewSchema.Column source)
    {
        ImageColumns.Check(source);
        return new(name, OutputType, [source.Index])
        {
            Getter = row => ImageColumns.Getter(row, source, image => image.Width == OutputType.Width && image.Height == OutputType.Height
                ? image
                : image.CloneWithResizing(OutputType.Width, OutputType.Height, _kind, _anchor)),
        };
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        var writer = ctx.Begin(Kind, 1);
        PairCodec.Write(writer, Columns);
        writer.Write(OutputType.Width);
        writer.Write(OutputType.Height);
        writer.Write((byte)_kind);
        writer.Write((byte)_anchor);
    }

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var reader = ctx.Expect(1);
        return new ImageResizingTransformer(PairCodec.Read(reader), reader.ReadInt32(), reader.ReadInt32(),
            (ImageResizingEstimator.ResizingKind)reader.ReadByte(), (ImageResizingEstimator.Anchor)reader.ReadByte());
    }
}
