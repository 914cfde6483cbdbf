using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

/// <summary>Reads the files that a text column names: as pictures, or as the bytes they consist of.</summary>
public sealed class ImageLoadingEstimator : TrivialEstimator<ImageLoadingTransformer>
{
    internal ImageLoadingEstimator(ImageLoadingTransformer transformer) : base(transformer) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(Transformer.Pairs.Select(pair =>
        {
            var source = inputSchema.Find(pair.InputColumnName);
            if (source.Kind != SchemaShape.Column.VectorKind.Scalar || source.ItemType is not TextDataViewType)
                throw Failures.Mismatch(pair.InputColumnName, TextDataViewType.Instance.ToString(), source.TypeText);
            return SchemaShape.Column.Of(pair.OutputColumnName, Transformer.OutputType);
        }));
    }
}

/// <inheritdoc cref="ImageLoadingEstimator"/>
public sealed class ImageLoadingTransformer : OneToOneTransformerBase
{
    internal const string Kind = "ImageLoading";
    private readonly bool _decode;

    public readonly string ImageFolder;

    internal ImageLoadingTransformer(IReadOnlyList<InputOutputColumnPair> columns, string imageFolder, bool decode) : base(columns)
    {
        ImageFolder = imageFolder;
        _decode = decode;
    }

    internal IReadOnlyList<InputOutputColumnPair> Pairs => Columns;

    internal DataViewType OutputType => _decode ? new ImageDataViewType() : new VectorDataViewType(NumberDataViewType.Byte);

    private protected override MappedColumn Bind(int i, string name, DataViewSchema.Column source)
    {
        if (source.Type is not TextDataViewType) throw Failures.Mismatch(source.Name, TextDataViewType.Instance.ToString(), source.Type.ToString());
        return new(name, OutputType, [source.Index]) { Getter = row => _decode ? Picture(PathReader(row, source)) : Bytes(PathReader(row, source)) };
    }

    /// <summary>The file's path, null where the column has no text.</summary>
    private Func<string> PathReader(DataViewRow row, DataViewSchema.Column source)
    {
        var getter = row.GetGetter<ReadOnlyMemory<char>>(source);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getter(ref text);
            if (text.IsEmpty) return null;
            return string.IsNullOrWhiteSpace(ImageFolder) ? text.ToString() : Path.Combine(ImageFolder, text.ToString());
        };
    }

    private static ValueGetter<MLImage> Picture(Func<string> path) => (ref MLImage image) =>
    {
        image?.Dispose();
        image = null;
        if (path() is not { } file) return;
        using var stream = new MemoryStream(File.ReadAllBytes(file));
        image = MLImage.CreateFromStream(stream);
        image.Tag = file;
    };

    private static ValueGetter<VBuffer<byte>> Bytes(Func<string> path) => (ref VBuffer<byte> bytes) =>
    {
        using var file = path() is { } name ? File.OpenHandle(name, options: FileOptions.SequentialScan) : null;
        var editor = VBufferEditor.Create(ref bytes, file is null ? 0 : checked((int)RandomAccess.GetLength(file)));
        for (int read = 0; read < editor.Values.Length;)
        {
            int got = RandomAccess.Read(file, editor.Values[read..], read);
            if (got == 0) throw new EndOfStreamException($"'{path()}' became shorter while it was read.");
            read += got;
        }
        bytes = editor.Commit();
    };

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        var writer = ctx.Begin(Kind, 1);
        PairCodec.Write(writer, Columns);
        writer.Write(ImageFolder ?? "");
        writer.Write(_decode);
    }

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var reader = ctx.Expect(1);
        return new ImageLoadingTransformer(PairCodec.Read(reader), reader.ReadString() is { Length: > 0 } folder ? folder : null, reader.ReadBoolean());
    }
}
