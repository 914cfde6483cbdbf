using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

/// <summary>Which transformer reads which kind of saved content: a closed table, so a file cannot name code to run.</summary>
internal static class TransformerLoaders
{
    private static readonly Dictionary<string, Func<ModelLoadContext, ITransformer>> _loaders = new()
    {
        [TransformerChainFormat.Kind] = TransformerChainFormat.Load,
        [ColumnCopyingTransformer.Kind] = ColumnCopyingTransformer.Load,
        [ColumnConcatenatingTransformer.Kind] = ColumnConcatenatingTransformer.Load,
        [ColumnSelectingTransformer.Kind] = ColumnSelectingTransformer.Load,
        [TypeConvertingTransformer.Kind] = TypeConvertingTransformer.Load,
        [ValueToKeyMappingTransformer.Kind] = ValueToKeyMappingTransformer.Load,
        [KeyToValueMappingTransformer.Kind] = KeyToValueMappingTransformer.Load,
        [ValueMappingTransformer.Kind] = ValueMappingTransformer.Load,
        [CustomMappingFormat.Kind] = CustomMappingFormat.Load,
        [ImageLoadingTransformer.Kind] = ImageLoadingTransformer.Load,
        [ImageResizingTransformer.Kind] = ImageResizingTransformer.Load,
        [ImagePixelExtractingTransformer.Kind] = ImagePixelExtractingTransformer.Load,
        [ImageGrayscalingTransformer.Kind] = ImageGrayscalingTransformer.Load,
        [VectorToImageConvertingTransformer.Kind] = VectorToImageConvertingTransformer.Load,
    };

    internal static ITransformer Load(ModelLoadContext context) => _loaders.TryGetValue(context.Kind, out var load)
        ? load(context)
        : throw Failures.BadModel($"Unknown kind of transformer '{context.Kind}' in the model file.");
}
