using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>The scoring mapping of a saved chain, for decoded images.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class SavedImageScoring : CustomMappingFactory<SavedImageScoring.Input, ScoreRow>
{
    /// <summary>Name under which ML.NET finds the mapping; part of the file format.</summary>
    public const string Contract = "Microsoft.ML.PaT.Score.Image";

    public override Action<Input, ScoreRow> GetMapping()
    {
        var scoring = new SavedScoring<MLImage>();
        return (input, output) => scoring.Score(input.Model, input.Image, output);
    }

    /// <summary>What is read: the model and the image.</summary>
    internal sealed class Input
    {
        [ColumnName(SavedChain.ModelColumn)]
        public ReadOnlyMemory<char> Model { get; set; }

        // ML.NET cannot register the attribute without a size; when it reads, it does not look at it.
        [ColumnName(SavedChain.ImageColumn), ImageType(1, 1)]
        public MLImage Image { get; set; } = null!;
    }
}
