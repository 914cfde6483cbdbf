using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>Adds the shapes of the two score columns to a schema shape.</summary>
/// <remarks>
/// Code outside ML.NET cannot create column shapes, so they are taken from estimators with such columns: a copy of the
/// label for the predicted label, and the output of a mapping for the scores.
/// </remarks>
internal static class ScoreShapes
{
    public static SchemaShape AddTo(MLContext ml, SchemaShape input, PruningAwareTrainingOptions options)
    {
        var nothing = new SchemaShape([]);
        var scores =
            ml.Transforms.CustomMapping<Nothing, Scores>((_, _) => { }, contractName: null).GetOutputSchema(nothing);
        var score = ml.Transforms.CopyColumns(options.ScoreColumnName, nameof(Scores.Values)).GetOutputSchema(scores);
        var label =
            ml.Transforms.CopyColumns(options.PredictedLabelColumnName, options.LabelColumnName).GetOutputSchema(input);
        var added = label.Where(c => c.Name == options.PredictedLabelColumnName)
            .Concat(score.Where(c => c.Name == options.ScoreColumnName))
            .ToArray();
        return new(input.Where(c => added.All(a => a.Name != c.Name)).Concat(added));
    }

    private sealed class Nothing
    {
    }

    private sealed class Scores
    {
        // Any known size: a schema shape only says that the size is known.
        [VectorType(2)]
        public float[] Values { get; set; } = [];
    }
}
