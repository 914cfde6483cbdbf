using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>Transformers of classifiers that were not trained by an estimator.</summary>
internal static class TransformerFactory
{
    /// <exception cref="InvalidImageDataException">A column is missing or has the wrong type, or the classes are not
    /// those of the classifier.</exception>
    public static PruningAwareTrainingTransformer Of(
        PruningAwareResult result, PruningAwareTrainingOptions options, DataViewSchema inputSchema)
    {
        var labels = LabelValues.Of(Columns.Find(inputSchema, options.LabelColumnName, "label"));
        if (!labels.Names.SequenceEqual(result.Classifier.Classes))
        {
            throw new InvalidImageDataException(
                ErrorCodes.LabelsInvalid,
                $"The label column '{options.LabelColumnName}' has other classes than the classifier, or in another "
                    + "order. Give the schema of the training data.");
        }
        options = options with { Images = options.Images with { Resizing = result.Classifier.Resizing } };
        var schema = new ScoringSchema(inputSchema, options, result.Classifier.Input, labels);
        return new(options, result.Classifier, result.Report, labels, schema) { Plan = result.Plan };
    }

    /// <exception cref="InvalidFileException">The file is not an archive, is damaged, or has no report.</exception>
    public static PruningAwareTrainingTransformer FromArchive(
        string path, DataViewSchema inputSchema, PruningAwareTrainingOptions options)
    {
        var (classifier, report) = ModelArchive.Load(path);
        try
        {
            options = options with { Images = options.Images with { Resizing = classifier.Resizing } };
            var labels = LabelValues.OfClasses(classifier.Classes, inputSchema, options.LabelColumnName);
            var schema = new ScoringSchema(inputSchema, options, classifier.Input, labels);
            return new(options, classifier, report, labels, schema);
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }
}
