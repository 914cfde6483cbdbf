using Microsoft.ML.Data;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>Adds the shapes of the two score columns to a schema shape.</summary>
/// <remarks>
/// Code outside ML.NET cannot create column shapes, so they are taken from estimators with such columns: the keys of
/// the label's values, or of text for a label without values, and the output of a mapping for the scores.
/// </remarks>
internal static class ScoreShapes
{
    public static SchemaShape AddTo(MLContext ml, SchemaShape input, PruningAwareTrainingOptions options)
    {
        var nothing = new SchemaShape([]);
        var known =
            ml.Transforms.CustomMapping<Nothing, Known>((_, _) => { }, contractName: null).GetOutputSchema(nothing);
        var score = ml.Transforms.CopyColumns(options.ScoreColumnName, nameof(Known.Scores)).GetOutputSchema(known);
        // Keys of 32 bits, whatever the label's.
        var hasValues = input.First(c => c.Name == options.LabelColumnName)
            .Annotations.Any(a => a.Name == ScoreColumns.KeyValues);
        var (from, name) = hasValues ? (input, options.LabelColumnName) : (known, nameof(Known.Text));
        var label =
            ml.Transforms.Conversion.MapValueToKey(options.PredictedLabelColumnName, name).GetOutputSchema(from);
        var added = label.Where(c => c.Name == options.PredictedLabelColumnName)
            .Concat(score.Where(c => c.Name == options.ScoreColumnName))
            .ToArray();
        return new(input.Where(c => added.All(a => a.Name != c.Name)).Concat(added));
    }

    private sealed class Nothing
    {
    }

    private sealed class Known
    {
        public string Text { get; set; } = "";

        // Any known size: a schema shape only says that the size is known.
        [VectorType(2)]
        public float[] Scores { get; set; } = [];
    }
}
