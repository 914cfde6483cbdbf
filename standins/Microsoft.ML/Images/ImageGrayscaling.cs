using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Takes the colour out of pictures.</summary>
public sealed class ImageGrayscalingEstimator : TrivialEstimator<ImageGrayscalingTransformer>
{
    internal ImageGrayscalingEstimator(ImageGrayscalingTransformer transformer) : base(transformer) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => ImageColumns.Shape(inputSchema, Transformer.Pairs, null);
}

/// <inheritdoc cref="ImageGrayscalingEstimator"/>
public sealed class ImageGrayscalingTransformer : OneToOneTransformerBase
{
    internal const string Kind = "ImageGrayscaling";

    internal ImageGrayscalingTransformer(IReadOnlyList<InputOutputColumnPair> columns) : base(columns) { }

    internal IReadOnlyList<InputOutputColumnPair> Pairs => Columns;

    private protected override MappedColumn Bind(int i, string name, DataViewSchema.Column source)
    {
        ImageColumns.Check(source);
        return new(name, source.Type, [source.Index]) { Getter = row => ImageColumns.Getter(row, source, image => image.CloneWithGrayscale()) };
    }

    private protected override void SaveModel(ModelSaveContext ctx) => PairCodec.Write(ctx.Begin(Kind, 1), Columns);

    internal static ITransformer Load(ModelLoadContext ctx) => new ImageGrayscalingTransformer(PairCodec.Read(ctx.Expect(1)));
}
