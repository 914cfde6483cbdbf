using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>Custom mapping that scores decoded images in a saved chain.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class SavedImageScoring : CustomMappingFactory<SavedImageScoring.Input, ScoreRow>
{
    /// <summary>Contract name of the mapping; part of the file format.</summary>
    public const string Contract = "Microsoft.ML.PaT.Score.Image";

    public override Action<Input, ScoreRow> GetMapping()
    {
        var scoring = new SavedScoring<MLImage>();
        return (input, output) => scoring.Score(input.Model, input.Image, output);
    }

    internal sealed class Input
    {
        [ColumnName(SavedChain.ModelColumn)]
        public ReadOnlyMemory<char> Model { get; set; }

        // ML.NET requires a size in the attribute, but ignores it when it reads images.
        [ColumnName(SavedChain.ImageColumn), ImageType(1, 1)]
        public MLImage Image { get; set; } = null!;
    }
}
