using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Pipeline;
using Microsoft.ML.PaT.Recipe;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.PaT;

/// <summary>Training, pruning and analysis of image classifiers in an ML.NET context: <c>ml.PaT()</c>.</summary>
public sealed class PaTCatalog
{
    internal PaTCatalog(MLContext context) => Context = context;

    /// <summary>The context, which has the log and the GPU settings.</summary>
    public MLContext Context { get; }

    /// <summary>Creates an estimator that trains an image classifier and prunes it during training.</summary>
    /// <param name="labelColumnName">The key column with the class of an image; default <c>Label</c>.</param>
    /// <param name="imageColumnName">The column with the image: <c>MLImage</c>, encoded bytes or a vector of pixels;
    /// default <c>Image</c>.</param>
    /// <param name="scoreColumnName">The column that scoring writes the class probabilities to; default
    /// <c>Score</c>.</param>
    /// <param name="predictedLabelColumnName">The key column that scoring writes the predicted class to; default
    /// <c>PredictedLabel</c>.</param>
    /// <param name="validationSet">Images to measure accuracy on after each epoch, with the columns that the estimator
    /// gets; default null: a tenth of the training images (<see cref="TrainingOptions.ValidationFraction"/>).</param>
    /// <param name="exampleWeightColumnName">The <c>Single</c> column with the weight of each image in training;
    /// default null: all weights are equal.</param>
    /// <param name="network">The network to train; default null: one that fits the images
    /// (<see cref="TrainingRecipe.Network"/>).</param>
    /// <param name="pruningRatio">The fraction of the channels to remove, between 0 and 1, both excluded; default
    /// 0.5.</param>
    /// <param name="epochs">Passes over the training images, at least 1; default 30.</param>
    /// <remarks>See <see cref="ImageClassification(PruningAwareTrainingOptions)"/> for columns, characteristics and
    /// all options. <c>Fit</c> checks the values and throws <see cref="InvalidOptionsException"/>.</remarks>
    public PruningAwareTrainingEstimator ImageClassification(
        string labelColumnName = "Label",
        string imageColumnName = "Image",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel",
        IDataView? validationSet = null,
        string? exampleWeightColumnName = null,
        NetworkArchitecture? network = null,
        double pruningRatio = PruningOptions.DefaultRatio,
        int epochs = TrainingOptions.DefaultEpochs) => ImageClassification(new()
        {
            LabelColumnName = labelColumnName,
            ImageColumnName = imageColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ValidationSet = validationSet,
            ExampleWeightColumnName = exampleWeightColumnName,
            Network = network,
            Pruning = new() { Target = PruningTarget.Channels(pruningRatio) },
            Training = new() { Epochs = epochs },
        });

    /// <summary>Creates an estimator that trains an image classifier and prunes it during training.</summary>
    /// <param name="options">All options. <c>Fit</c> checks the values and throws
    /// <see cref="InvalidOptionsException"/>.</param>
    /// <remarks><inheritdoc cref="PruningAwareTrainingEstimator" path="/remarks"/></remarks>
    public PruningAwareTrainingEstimator ImageClassification(PruningAwareTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(Context, options);
    }

    /// <summary>Prunes a trained model without training it.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="options">Target and criterion, or the channels to keep. Options for training have no
    /// effect.</param>
    /// <param name="data">Images for criteria that need them, such as the default <see cref="Importance.Taylor"/>, with
    /// the columns of training; null for none.</param>
    /// <returns>A model with the same columns, owned by the caller. Its report is that of the training.</returns>
    /// <inheritdoc cref="PaTExtensions.Prune(ImageClassifier, PruningOptions, ImageDataset)" path="/exception"/>
    public PruningAwareTrainingTransformer Prune(
        PruningAwareTrainingTransformer model, PruningOptions options, IDataView? data = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        using var channel = ((IHostEnvironment)Context).Register("Pruning").Start("Reading");
        using var images = data is null
            ? null
            : DataViewImages.ReadGiven(
                new(model.Options.ImageData, model.Model.Input, model.Labels, new ChannelObserver(channel)),
                data,
                channel);
        return model.With(TrainedPruning.Prune(model.Model, options, images, out var plan), plan);
    }

    /// <summary>
    /// Reads the images and labels of a data view once, for several runs with <see cref="Train"/>.
    /// </summary>
    /// <param name="data">The training data with a key label; its values are the names of the classes.</param>
    /// <param name="options">Columns, size of the images, and memory. <c>ValidationSet</c> is read too.</param>
    /// <returns>The images, owned by the caller; <c>Validation</c> is null without a validation set.</returns>
    /// <exception cref="PaTException">Options, columns or images are invalid; see the derived type and the
    /// message.</exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public (ImageDataset Training, ImageDataset? Validation) LoadImages(
        IDataView data, PruningAwareTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidator.Validate(options);
        TorchLibrary.Require();
        using var torchScope = new TorchScope();
        using var channel = ((IHostEnvironment)Context).Register("ImageLoading").Start("Reading");
        var observer = new ChannelObserver(channel);
        var (fitting, labels) = ImageSchema.Expect(options.Network, options.ImageData, data);
        var loader = new DataViewImageLoader(options.ImageData, fitting.Shape, labels, observer);
        var images = DataViewImages.Read(loader, data, options.ValidationSet, channel);
        return (images.Training, images.Validation);
    }

    /// <summary>Trains on images in memory, with the GPU settings and the log of the context.</summary>
    /// <inheritdoc cref="PruningTrainer.Train(ImageDataset, ImageDataset, PruningAwareTrainingOptions)"
    /// path="/param|/returns|/exception"/>
    public PruningAwareResult Train(
        ImageDataset training, ImageDataset? validation, PruningAwareTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        using var channel = ((IHostEnvironment)Context).Register("PruningAwareTraining").Start("Training");
        return PruningTrainer.Train(
            training,
            validation,
            options,
            ranks => DeviceChoice.Of(options.Device, Context.GpuDeviceId, Context.FallbackToCpu, ranks),
            new ChannelObserver(channel));
    }

    /// <summary>Converts a trained classifier to a transformer of an ML.NET pipeline.</summary>
    /// <param name="result">The result of <see cref="Train"/>; the transformer owns its classifier.</param>
    /// <param name="options">The options of the run, whose column names the transformer uses. Images are resized as
    /// those of the run were (<see cref="ImageClassifier.Resizing"/>).</param>
    /// <param name="inputSchema">The schema of the training data: the image column, and the key label whose values name
    /// the classes.</param>
    /// <exception cref="InvalidImageDataException">A column is missing or has the wrong type, or the classes are not
    /// those of the classifier.</exception>
    /// <exception cref="InvalidOptionsException">The network takes neither RGB nor gray images.</exception>
    public PruningAwareTrainingTransformer ToTransformer(
        PruningAwareResult result, PruningAwareTrainingOptions options, DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(inputSchema);
        return TransformerFactory.Of(result, options, inputSchema);
    }

    /// <summary>
    /// Loads an archive that <see cref="PruningAwareTrainingTransformer.SaveArchive(string)"/> or the command line
    /// wrote, as a transformer with its report.
    /// </summary>
    /// <param name="path">The archive, <c>.pat</c>.</param>
    /// <param name="inputSchema">The schema of the data to score: the image column, and optionally the label.</param>
    /// <param name="options">Names of the columns and order of pixels; null for the defaults.</param>
    /// <returns>The transformer, owned by the caller. Its predicted label has the values of the label column if they
    /// are the classes of the archive, in the same order; otherwise text.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">The file is not an archive, is damaged, or has no report, because
    /// <see cref="ImageClassifier.SaveArchive(string)"/> wrote it.</exception>
    /// <exception cref="InvalidImageDataException">The image column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOptionsException">The network takes neither RGB nor gray images.</exception>
    public PruningAwareTrainingTransformer LoadArchive(
        string path, DataViewSchema inputSchema, PruningAwareTrainingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(inputSchema);
        return TransformerFactory.FromArchive(path, inputSchema, options ?? new());
    }

    /// <summary>
    /// Measures the accuracy after a fraction of one group's channels is removed, group by group, without training.
    /// </summary>
    /// <param name="data">Images to score, preferably not those that the weights were trained on; columns as in
    /// training. Weights that this library wrote are matched by the names of the classes; those of other files need
    /// labels whose keys have the order of the network's outputs (<c>keyData</c> of <c>MapValueToKey</c>).</param>
    /// <param name="options">The network and its weights, the columns, and the criterion that determines which channels
    /// are removed first.</param>
    /// <param name="ratios">Fractions of a group's channels to remove, between 0 and 1, both excluded; default 0.1,
    /// 0.3, 0.5, 0.7, 0.9. At least one channel stays.</param>
    /// <exception cref="PaTException">Options, weights, columns or images are invalid. The derived type says which;
    /// the message says what to do.</exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public SensitivityReport Sensitivity(
        IDataView data, PruningAwareTrainingOptions options, params IReadOnlyList<double> ratios)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ratios);
        return DataViewSensitivity.Measure(Context, data, options, ratios);
    }
}
