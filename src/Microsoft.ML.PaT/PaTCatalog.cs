using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Errors;
using Microsoft.ML.PaT.Experiments;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Pipeline;
using Microsoft.ML.PaT.Recipe;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.PaT;

/// <summary>Estimators that prune what they train while they train it. Obtained by <c>ml.PaT()</c>.</summary>
public sealed class PaTCatalog
{
    private readonly MLContext _ml;

    internal PaTCatalog(MLContext ml) => _ml = ml;

    /// <summary>
    /// An image classifier that is trained from scratch and loses a fraction of its channels on the way.
    /// </summary>
    /// <param name="labelColumnName">The key column with the class of an image.</param>
    /// <param name="imageColumnName">The column with the image: <c>MLImage</c>, encoded bytes or a vector of
    /// pixels.</param>
    /// <param name="exampleWeightColumnName">The <c>Single</c> column that says how much an image counts in training;
    /// null where all count the same.</param>
    /// <param name="network">The network to train; default null: one that fits the images
    /// (<see cref="TrainingRecipe.Network"/>).</param>
    /// <param name="pruningRatio">The fraction of the channels to remove, between 0 and 1, both excluded.</param>
    /// <param name="epochs">Passes over the training images.</param>
    /// <remarks>See <see cref="ImageClassification(PruningAwareTrainingOptions)"/> for columns, characteristics and
    /// everything that can be set.</remarks>
    public PruningAwareTrainingEstimator ImageClassification(
        string labelColumnName = "Label",
        string imageColumnName = "Image",
        string? exampleWeightColumnName = null,
        NetworkArchitecture? network = null,
        double pruningRatio = 0.5,
        int epochs = 30) => ImageClassification(new()
        {
            LabelColumnName = labelColumnName,
            ImageColumnName = imageColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            Network = network,
            Pruning = new() { Target = PruningTarget.Channels(pruningRatio) },
            Training = new() { Epochs = epochs },
        });

    /// <summary>
    /// An image classifier that is trained from scratch and loses a fraction of its channels on the way.
    /// </summary>
    /// <param name="options">Everything that can be set.</param>
    /// <remarks><inheritdoc cref="PruningAwareTrainingEstimator" path="/remarks"/></remarks>
    public PruningAwareTrainingEstimator ImageClassification(PruningAwareTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(_ml, options);
    }

    /// <summary>Prunes a trained model without training it: plan and cut.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="options">How much to remove and by what criterion, or which channels to keep; what concerns
    /// training has no effect.</param>
    /// <param name="data">Images for criteria that need some, such as the default <see cref="Importance.Taylor"/>, with
    /// the columns of training; null for none.</param>
    /// <returns>A model with the same columns, owned by the caller. Its report is that of the training.</returns>
    /// <inheritdoc cref="PaTExtensions.Prune(ImageClassifier, PruningOptions, ImageDataset)" path="/exception"/>
    public PruningAwareTrainingTransformer Prune(
        PruningAwareTrainingTransformer model, PruningOptions options, IDataView? data = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        using var channel = ((IHostEnvironment)_ml).Register("Pruning").Start("Reading");
        using var images = data is null
            ? null
            : new DataViewImageLoader(
                model.Options.ImageData, model.Model.Input, model.Labels, new ChannelObserver(channel))
                .Read(data, "given")
                .Store;
        return model.With(TrainedPruning.Prune(model.Model, options, images, out var plan), plan);
    }

    /// <summary>
    /// A search over ratios, criteria, networks, learning rates and policies: many trials, a result with the best one
    /// and what it costs.
    /// </summary>
    /// <param name="settings">What varies, how to search, when to end; checked by <c>Execute</c>.</param>
    public PruningExperiment Experiment(PruningExperimentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new(_ml, settings);
    }

    /// <summary>
    /// Measures how accuracy falls when a fraction of one group's channels goes, group by group, without training:
    /// which layers bear pruning.
    /// </summary>
    /// <param name="data">Images to score, best ones that the weights were not trained on; columns as in
    /// training.</param>
    /// <param name="options">The network and its weights, the columns, and the criterion that says which channels go
    /// first.</param>
    /// <param name="ratios">Fractions of a group's channels to remove, between 0 and 1, both excluded; default 0.1,
    /// 0.3, 0.5, 0.7, 0.9. At least one channel stays.</param>
    /// <exception cref="PaTException">Options, weights, columns or images are not as they have to be; the derived type
    /// says which, the message what to do.</exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public SensitivityReport Sensitivity(
        IDataView data, PruningAwareTrainingOptions options, params IReadOnlyList<double> ratios)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ratios);
        OptionsValidator.Validate(options);
        if (options.Weights is null)
        {
            throw new InvalidOptionsException(
                ErrorCodes.WeightsMissing,
                "Sensitivity needs trained weights: set Weights to a safetensors file or an archive.");
        }
        if (ratios.Any(s => !(s is > 0 and < 1)))
        {
            throw new InvalidOptionsException(
                ErrorCodes.OptionsInvalid,
                $"Ratios are {string.Join(", ", ratios)}; each must be a fraction between 0 and 1, both excluded.");
        }
        using var torchScope = new TorchScope();
        var device = DeviceChoice.Of(options.Device, _ml.GpuDeviceId, _ml.FallbackToCpu);
        var (fitting, labels) = DataViewImageLoader.Expect(options.Network, options.ImageData, data);
        options = options with { Network = fitting.Network };
        using var channel = ((IHostEnvironment)_ml).Register("Sensitivity").Start("Reading");
        using var images = new DataViewImageLoader(
            options.ImageData, fitting.Shape, labels, new ChannelObserver(channel))
            .Read(data, "given")
            .Store;
        try
        {
            return new SensitivityAnalysis(options, device)
                .Measure(images, ratios.Count > 0 ? [.. ratios.Order()] : [0.1, 0.3, 0.5, 0.7, 0.9]);
        }
        catch (ExternalException e) when (LibtorchError.IsFromLibtorch(e))
        {
            throw LibtorchError.Of($"Measuring {options.Network}", e);
        }
    }
}
