using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>A schema before and after scoring: all columns of the input in their places, then the predicted label and the scores.</summary>
internal sealed class ScoringSchema
{
    /// <summary>Checks an input schema and works out the output's.</summary>
    /// <param name="input">The schema before scoring.</param>
    /// <param name="options">Names of the columns and order of pixels.</param>
    /// <param name="shape">What the network takes.</param>
    /// <param name="labels">The classes.</param>
    /// <exception cref="InvalidImageDataException">The image column is missing, or cannot hold images.</exception>
    public ScoringSchema(DataViewSchema input, PruningAwareTrainingOptions options, ImageShape shape, LabelValues labels)
    {
        Input = input;
        Image = Columns.Find(input, options.ImageColumnName, "image");
        Format = ImageColumnFormat.Of(Image, shape, options.PixelOrder, options.Images.Resizing);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        builder.AddColumns([ScoreColumns.PredictedLabel(options.PredictedLabelColumnName, labels), ScoreColumns.Score(options.ScoreColumnName, labels)]);
        Output = builder.ToSchema();
    }

    /// <summary>Before scoring.</summary>
    public DataViewSchema Input { get; }

    /// <summary>After scoring.</summary>
    public DataViewSchema Output { get; }

    /// <summary>The image column of <see cref="Input"/>.</summary>
    public DataViewSchema.Column Image { get; }

    /// <summary>What it holds.</summary>
    public ImageColumnFormat Format { get; }

    /// <summary>Position of the predicted label in <see cref="Output"/>.</summary>
    public int PredictedLabel => Input.Count;

    /// <summary>Position of the scores in <see cref="Output"/>.</summary>
    public int Score => Input.Count + 1;

    /// <summary>Those of some output columns that are passed through, as columns of the input.</summary>
    public IEnumerable<DataViewSchema.Column> PassedThrough(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Where(c => c.Index < Input.Count).Select(c => Input[c.Index]);

    /// <summary>Whether any of some output columns needs the network.</summary>
    public bool NeedsScores(IEnumerable<DataViewSchema.Column> columns) => columns.Any(c => c.Index >= Input.Count);
}
