using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>Custom mapping that scores images as bytes, encoded or pixels, in a saved chain.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class SavedBytesScoring : CustomMappingFactory<SavedBytesScoring.Input, ScoreRow>
{
    /// <summary>Contract name of the mapping; part of the file format.</summary>
    public const string Contract = "Microsoft.ML.PaT.Score.Bytes";

    public override Action<Input, ScoreRow> GetMapping()
    {
        var scoring = new SavedScoring<VBuffer<byte>>();
        return (input, output) => scoring.Score(input.Model, input.Image, output);
    }

    internal sealed class Input
    {
        [ColumnName(SavedChain.ModelColumn)]
        public ReadOnlyMemory<char> Model { get; set; }

        [ColumnName(SavedChain.ImageColumn), VectorType]
        public VBuffer<byte> Image { get; set; }
    }
}
