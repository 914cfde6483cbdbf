using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>Adds the shapes of the two score columns to a schema's shape.</summary>
/// <remarks>Shapes of columns cannot be made outside ML.NET, so they are borrowed from estimators that make such columns: the predicted label is shaped as a copy of the label, the scores as the output of a mapping.</remarks>
internal static class ScoreShapes
{
    /// <summary>Adds them.</summary>
    public static SchemaShape AddTo(MLContext ml, SchemaShape input, PruningAwareTrainingOptions options)
    {
        var nothing = new SchemaShape([]);
        var scores = ml.Transforms.CustomMapping<Nothing, Scores>((_, _) => { }, contractName: null).GetOutputSchema(nothing);
        var score = ml.Transforms.CopyColumns(options.ScoreColumnName, nameof(Scores.Values)).GetOutputSchema(scores);
        var label = ml.Transforms.CopyColumns(options.PredictedLabelColumnName, options.LabelColumnName).GetOutputSchema(input);
        var added = label.Where(c => c.Name == options.PredictedLabelColumnName).Concat(score.Where(c => c.Name == options.ScoreColumnName)).ToArray();
        return new(input.Where(c => added.All(a => a.Name != c.Name)).Concat(added));
    }

    private sealed class Nothing
    {
    }

    private sealed class Scores
    {
        // Any known size will do: a shape says that the size is known, not what it is.
        [VectorType(2)]
        public float[] Values { get; set; } = [];
    }
}
