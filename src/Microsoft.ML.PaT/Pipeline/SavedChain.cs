using Microsoft.ML.Data;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>
/// Expresses the transformer as a chain of ML.NET's own transformers, so that it can be saved in an ordinary
/// <c>model.zip</c>.
/// </summary>
/// <remarks>
/// Loaders of ML.NET's format cannot be written outside ML.NET, so the model is stored as the value of a look-up table:
/// constant key -> model as text -> mapping that scores -> concatenation -> key of the predicted label -> drop helper
/// columns. Loading needs this assembly in the application, but no registration. The key values of annotations are
/// restored. The slot names of <c>Score</c> are not, because no built-in transformer can set the slot names of a
/// vector.
/// </remarks>
internal static class SavedChain
{
    public const string ModelColumn = "PaT.Model";

    public const string ImageColumn = "PaT.Image";

    /// <param name="format">Format of the image column.</param>
    public static TransformerChain<ITransformer> Of(
        PruningAwareTrainingOptions options,
        ImageColumnFormat format,
        LabelValues labels,
        ImageClassifier model,
        RunReport report)
    {
        using var archive = new MemoryStream();
        ModelArchive.Save(archive, model, report);
        var text = new SavedModel(format, archive.ToArray()).ToText();

        var ml = new MLContext();
        var start = NoRows(ml, format.Kind);
        IEstimator<ITransformer>[] steps =
        [
            ml.Transforms.CustomMapping(new SavedModelKey().GetMapping(), SavedModelKey.Contract),
            ml.Transforms.Conversion.MapValue(
                ModelColumn,
                [KeyValuePair.Create(SavedModelKey.Key, text)],
                SavedModelKey.Column),
            ml.Transforms.CopyColumns(ImageColumn, options.ImageColumnName),
            Scoring(ml, format.Kind),
            ml.Transforms.Concatenate(options.ScoreColumnName, ScoreRow.BlocksOf(labels.Names.Count)),
            .. labels.FromNumbers(ml, options.PredictedLabelColumnName, ScoreRow.ClassColumn),
            ml.Transforms.DropColumns([SavedModelKey.Column, ModelColumn, ImageColumn, .. ScoreRow.AllColumns]),
        ];

        // Fitting learns nothing here: the estimators only check the schema of their input.
        var view = ml.Transforms.CopyColumns(options.ImageColumnName, ImageColumn).Fit(start).Transform(start);
        var fitted = new ITransformer[steps.Length];
        for (var i = 0; i < steps.Length; i++)
        {
            fitted[i] = steps[i].Fit(view);
            view = fitted[i].Transform(view);
        }
        return new(fitted);
    }

    private static IEstimator<ITransformer> Scoring(MLContext ml, ImageColumnKind kind) => kind switch
    {
        ImageColumnKind.Image => ml.Transforms.CustomMapping(
            new SavedImageScoring().GetMapping(),
            SavedImageScoring.Contract),
        ImageColumnKind.FloatPixels => ml.Transforms.CustomMapping(
            new SavedFloatsScoring().GetMapping(),
            SavedFloatsScoring.Contract),
        _ => ml.Transforms.CustomMapping(new SavedBytesScoring().GetMapping(), SavedBytesScoring.Contract),
    };

    private static IDataView NoRows(MLContext ml, ImageColumnKind kind) => kind switch
    {
        ImageColumnKind.Image => ml.Data.LoadFromEnumerable<SavedImageScoring.Input>([]),
        ImageColumnKind.FloatPixels => ml.Data.LoadFromEnumerable<SavedFloatsScoring.Input>([]),
        _ => ml.Data.LoadFromEnumerable<SavedBytesScoring.Input>([]),
    };
}
