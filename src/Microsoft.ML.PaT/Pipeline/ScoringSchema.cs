using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>
/// Schema before and after scoring. The input columns keep their positions; the predicted label and the scores follow.
/// </summary>
internal sealed class ScoringSchema
{
    /// <param name="options">Column names and order of pixels.</param>
    /// <exception cref="InvalidImageDataException">The image column is missing or does not contain images.</exception>
    /// <exception cref="InvalidOptionsException">The network takes neither RGB nor gray images.</exception>
    public ScoringSchema(
        DataViewSchema input, PruningAwareTrainingOptions options, ImageShape shape, LabelValues labels)
    {
        ImageColors.Require(shape);
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
