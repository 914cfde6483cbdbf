using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Data;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Runs;

namespace Microsoft.ML.PaT;

/// <summary>Extensions of <see cref="MLContext"/>, of models and of classifiers.</summary>
public static class PaTExtensions
{
    /// <summary>The trainers of Microsoft.ML.PaT: <c>ml.PaT().ImageClassification(...)</c>.</summary>
    /// <param name="ml">The context. Its log receives messages; its GPU settings determine the device. Its seed has no
    /// effect on training: <see cref="TrainingRecipe.Seed"/> does.</param>
    /// <remarks>An extension of the context, like <c>ml.Auto()</c>, because other assemblies cannot access the
    /// environment of ML.NET's own catalogs.</remarks>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public static PaTCatalog PaT(this MLContext ml)
    {
        ArgumentNullException.ThrowIfNull(ml);
        return new(ml);
    }

    /// <summary>
    /// Returns the names of the classes in the order of the scores, for a fitted or a loaded model.
    /// </summary>
    /// <param name="model">The transformer, or a chain with it.</param>
    /// <param name="inputSchema">The schema of the model's input: that of its data, or that of
    /// <c>Model.Load</c>.</param>
    /// <param name="predictedLabelColumnName">The column of the predicted label, as in training.</param>
    /// <remarks>
    /// ML.NET keeps the values of the predicted label in a saved model, but not the slot names of the scores.
    /// </remarks>
    /// <exception cref="InvalidImageDataException">No transformer of the model has the column as a key.</exception>
    public static IReadOnlyList<string> ClassNames(this ITransformer model, DataViewSchema inputSchema,
        string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputSchema);
        var steps = model as IEnumerable<ITransformer> ?? [model];
        var schema = inputSchema;
        IReadOnlyList<string>? names = null;
        foreach (var step in steps)
        {
            schema = step.GetOutputSchema(schema);
            if (schema.GetColumnOrNull(predictedLabelColumnName) is { Type: KeyDataViewType } column)
                names = LabelValues.Of(column).Names;
        }
        return names
            ?? throw new InvalidImageDataException(
                ErrorCodes.ColumnMissing,
                $"No step of the model makes a key column '{predictedLabelColumnName}'; is it of another name, or is "
                    + "the model no image classifier of this library?");
    }

    /// <summary>
    /// Prunes a trained classifier without training it. Accuracy falls; training with the weights of the result
    /// recovers it.
    /// </summary>
    /// <param name="classifier">The classifier; not changed.</param>
    /// <param name="options">
    /// Target and criterion, or the channels to keep. Options for training have no effect: policy, iterative steps,
    /// retraining, distillation, batch growth, batch-norm recalibration.
    /// </param>
    /// <param name="images">Images for criteria that need them, such as the default <see cref="Importance.Taylor"/>;
    /// <see cref="Importance.Magnitude"/> needs none.</param>
    /// <returns>The pruned classifier, owned by the caller.</returns>
    /// <exception cref="InvalidOptionsException">An option is out of range, or the criterion needs images.</exception>
    /// <exception cref="UnreachableTargetException">The target cannot be reached on this network; the message has the
    /// reachable range.</exception>
    /// <exception cref="InvalidFileException">The plan or the widths are for another network.</exception>
    /// <exception cref="ObjectDisposedException">The classifier or the images were disposed.</exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public static ImageClassifier Prune(
        this ImageClassifier classifier, PruningOptions options, ImageDataset? images = null)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(options);
        return TrainedPruning.Prune(classifier, options, images, out _);
    }
}
