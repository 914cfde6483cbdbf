using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Pipeline;
using Microsoft.ML.PaT.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.PaT;

/// <summary>
/// Trains an image classifier and prunes it during training. Fitting returns a
/// <see cref="PruningAwareTrainingTransformer"/> with the compact model.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and output columns
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | `Label` (in) | key | The class, from `MapValueToKey`. Its key values become the names of the classes. |
/// | `Image` (in) | `MLImage`, variable vector of `Byte`, or vector of `Byte` or `Single` | The image; see below. |
/// | Weight (in, optional) | `Single` | Weight of the image in training: `ExampleWeightColumnName`. |
/// | `PredictedLabel` (out) | key | The most probable class, with the values of the label. |
/// | `Score` (out) | vector of `Single` of known size | The probability of each class, in key order. |
///
/// The image may be decoded (`LoadImages`), encoded (`LoadRawImageBytes`: JPEG, PNG, GIF, BMP or WebP; decoded on all
/// cores), or pixels from 0 to 255 (`ExtractPixels`). It may have any size and is resized to the network's input. Gray,
/// CMYK and transparent images are converted to RGB. The EXIF orientation of encoded images is applied; decoded images
/// and pixels do not have it.
///
/// ### Characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Multiclass classification |
/// | Is normalization required? | No: the mean and standard deviation of the pixels are part of the model |
/// | Is caching required? | No: images are read once and kept in memory, or in a file above `MemoryBudget` |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.PaT, and a TorchSharp package for CPU or CUDA |
/// | Exportable to ONNX | Yes, by `SaveOnnx` of the transformer; ML.NET's `ConvertToOnnx` throws |
///
/// ### How it works
/// The dense network is trained, and the sub-network of its important channels is observed. When the structure of the
/// sub-network is stable, according to the Early Pruning Indicator, all other channels are removed physically, and
/// training continues with the compact network.
/// ]]></format>
/// </remarks>
public sealed class PruningAwareTrainingEstimator : IEstimator<PruningAwareTrainingTransformer>
{
    private const string HostName = "PruningAwareTraining";
    private readonly MLContext _ml;
    private readonly PruningAwareTrainingOptions _options;

    internal PruningAwareTrainingEstimator(MLContext ml, PruningAwareTrainingOptions options)
    {
        _ml = ml;
        _options = options;
    }

    /// <summary>
    /// Trains the network. Measures accuracy after each epoch on
    /// <see cref="PruningAwareTrainingOptions.ValidationSet"/> or, without one, on the same fraction of the rows
    /// of each class, which it does not train on (<see cref="TrainingOptions.ValidationFraction"/>).
    /// </summary>
    /// <param name="input">The training data.</param>
    /// <exception cref="PaTException">Options, columns or images are invalid. The derived type says which; the message
    /// says what to do.</exception>
    /// <exception cref="OperationCanceledException">The run was canceled while it read images or fitted the classifier
    /// (<see cref="TrainingOptions.FitClassifierFirst"/>). A run that is canceled later returns its best network so far
    /// (<see cref="PruningAwareTrainingOptions.CancellationToken"/>).</exception>
    public PruningAwareTrainingTransformer Fit(IDataView input) => Run(input, _options.ValidationSet);

    /// <summary>Trains on one set and measures accuracy after each epoch on another.</summary>
    /// <param name="input">The training data.</param>
    /// <param name="validation">The validation data; its classes must be among those of the training data.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public PruningAwareTrainingTransformer Fit(IDataView input, IDataView validation)
    {
        ArgumentNullException.ThrowIfNull(validation);
        if (_options.ValidationSet is not null)
        {
            throw new InvalidOptionsException(
                ErrorCodes.OptionsInvalid, "ValidationSet is set, and Fit got another one; leave one of them out.");
        }
        return Run(input, validation);
    }

    /// <summary>Returns the schema shape after scoring.</summary>
    /// <param name="inputSchema">The schema shape before scoring.</param>
    /// <exception cref="InvalidImageDataException">The label, image or weight column is missing or has the wrong
    /// type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var label = Columns.Find(inputSchema, _options.LabelColumnName, "label");
        if (!label.IsKey || label.Kind != SchemaShape.Column.VectorKind.Scalar)
        {
            throw new InvalidImageDataException(
                ErrorCodes.ColumnTypeUnsupported,
                $"The label column '{label.Name}' must be a key (MapValueToKey); it is {label.ItemType}.");
        }
        ImageColumnFormat.Check(Columns.Find(inputSchema, _options.ImageColumnName, "image"));
        WeightReader.Check(inputSchema, _options.ExampleWeightColumnName);
        return ScoreShapes.AddTo(_ml, inputSchema, _options);
    }

    private PruningAwareTrainingTransformer Run(IDataView input, IDataView? validation)
    {
        ArgumentNullException.ThrowIfNull(input);
        return RunLauncher.Launch(_options, ranks => Run(input, validation, ranks));
    }

    private PruningAwareTrainingTransformer Run(IDataView input, IDataView? validation, Communicator ranks)
    {
        var device = DeviceChoice.Of(_options.Device, _ml.GpuDeviceId, _ml.FallbackToCpu, ranks);
        var host = ((IHostEnvironment)_ml).Register(HostName);
        using var channel = host.Start("Training");
        var (fitting, labels) = ImageSchema.Expect(_options.Network, _options.ImageData, input);
        var (options, shape) = (_options with { Network = fitting.Network }, fitting.Shape);
        var schema = new ScoringSchema(input.Schema, options, shape, labels);
        var observer = RunLauncher.Observers(options, fitting, new ChannelObserver(channel));
        var loader = new DataViewImageLoader(options.ImageData, shape, labels, observer, ranks.LocalSize);
        using var images = DataViewImages.Read(loader, input, validation, channel);
        channel.Info(MessageSensitivity.None, $"Training {options.Network} on {device}.");
        var run = new PruningAwareRun(options, device, observer)
        {
            Ranks = ranks, Evaluates = true, ReadSeconds = images.Seconds,
        };
        var result = RunLauncher.Execute(run, options, images.Training, images.Validation);
        return new(options, result.Classifier, result.Report, labels, schema) { Plan = result.Plan };
    }
}
