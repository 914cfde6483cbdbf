using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>
/// Schema before and after scoring: the columns of the input in their places, then the predicted label and the scores.
/// </summary>
internal sealed class ScoringSchema
{
    /// <param name="input">Schema before scoring.</param>
    /// <param name="options">Column names and order of pixels.</param>
    /// <param name="shape">Input shape of the network.</param>
    /// <param name="labels">The classes.</param>
    /// <exception cref="InvalidImageDataException">The image column is missing or does not contain images.</exception>
    public ScoringSchema(
        DataViewSchema input, PruningAwareTrainingOptions options, ImageShape shape, LabelValues labels)
    {
        Input = input;
        Image = Columns.Find(input, options.ImageColumnName, "image");
        Format = ImageColumnFormat.Of(Image, shape, options.InterleavePixelColors, options.Images.Resizing);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        builder.AddColumns([
            ScoreColumns.PredictedLabel(options.PredictedLabelColumnName, labels),
            ScoreColumns.Score(options.ScoreColumnName, labels),
        ]);
        Output = builder.ToSchema();
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    public DataViewSchema.Column Image { get; }

    public ImageColumnFormat Format { get; }

    /// <summary>Index of the predicted label in <see cref="Output"/>.</summary>
    public int PredictedLabel => Input.Count;

    /// <summary>Index of the scores in <see cref="Output"/>.</summary>
    public int Score => Input.Count + 1;

    /// <summary>Returns the input columns among the given output columns.</summary>
    public IEnumerable<DataViewSchema.Column> PassedThrough(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Where(c => c.Index < Input.Count).Select(c => Input[c.Index]);

    /// <summary>Whether any of the output columns needs the network.</summary>
    public bool NeedsScores(IEnumerable<DataViewSchema.Column> columns) => columns.Any(c => c.Index >= Input.Count);
}
