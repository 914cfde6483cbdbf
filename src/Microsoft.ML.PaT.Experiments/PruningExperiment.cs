using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Searches for the best options for a data set by running many trials one after the other. The images are read once.
/// Created by <c>ml.PaT().Experiment(...)</c>.
/// </summary>
/// <remarks>
/// Similar to the experiments of Microsoft.ML.AutoML: settings, <c>Execute</c>, and a result with run details and the
/// best run (docs/guide/sweep.md).
/// </remarks>
public sealed class PruningExperiment
{
    private const string HostName = "PruningExperiment";
    private readonly PaTCatalog _catalog;
    private readonly PruningExperimentSettings _settings;

    internal PruningExperiment(PaTCatalog catalog, PruningExperimentSettings settings) =>
        (_catalog, _settings) = (catalog, settings);

    /// <summary>
    /// Runs the experiment with one data set. Trials are compared on a fraction of it, or on folds
    /// (<see cref="PruningExperimentSettings.Folds"/>).
    /// </summary>
    /// <param name="trainData">Images with key labels; columns as in <see cref="PruningExperimentSettings.Options"/>.
    /// Read once.</param>
    /// <param name="progress">Receives every finished, paused or failed trial, on the training thread.</param>
    /// <returns>All trials and their models; the caller must dispose it. After cancellation or the end of the time
    /// budget, the trials so far.</returns>
    /// <exception cref="InvalidOptionsException">Settings, search space or options are invalid. The message lists all
    /// errors; no trial was started.</exception>
    /// <exception cref="InvalidFileException">Another experiment uses the folder.</exception>
    /// <exception cref="PaTException">Columns or images are invalid; see the derived type and the message.</exception>
    /// <exception cref="OperationCanceledException">The experiment was canceled while images were being
    /// read.</exception>
    public PruningExperimentResult Execute(IDataView trainData, IProgress<PruningTrial>? progress = null) =>
        Run(trainData, null, progress);

    /// <summary>Runs the experiment with a training and a validation set.</summary>
    /// <param name="trainData">Images with key labels; columns as in <see cref="PruningExperimentSettings.Options"/>.
    /// Read once.</param>
    /// <param name="validationData">Images to compare trials with; its classes must be among those of the training
    /// data.</param>
    /// <param name="progress">Receives every finished, paused or failed trial, on the training thread.</param>
    /// <inheritdoc cref="Execute(IDataView, IProgress{PruningTrial})" path="/returns"/>
    /// <inheritdoc cref="Execute(IDataView, IProgress{PruningTrial})" path="/exception"/>
    public PruningExperimentResult Execute(
        IDataView trainData, IDataView validationData, IProgress<PruningTrial>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(validationData);
        return Run(trainData, validationData, progress);
    }

    private PruningExperimentResult Run(
        IDataView trainData, IDataView? validationData, IProgress<PruningTrial>? progress)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        var schema = trainData.Schema;
        var settings = _settings;
        // Without a network in the options, all trials have the network that fits the images.
        var choosesNetwork = settings.Options.Network is null && settings.Space.Network is null;
        var hasValidation = validationData is not null;
        ExperimentValidator.Validate(settings, choosesNetwork ? null : ClassesOf(schema), hasValidation);
        var folder = Path.GetFullPath(_settings.Folder ?? Directory.CreateTempSubdirectory("pat-experiment-").FullName);
        try
        {
            using var taken = FolderLock.Take(folder);
            using var channel = ((IHostEnvironment)_catalog.Context).Register(HostName).Start("Experiment");
            using var images = Read(trainData, validationData);
            if (choosesNetwork)
            {
                var shape = images.All.Training.Shape;
                var size = settings.Options.Images with { Height = shape.Height, Width = shape.Width };
                var options = settings.Options with { Network = Networks.Fitting(shape), Images = size };
                settings = settings with { Options = options };
                ExperimentValidator.Validate(settings, ClassesOf(schema), hasValidation);
            }
            var runner = new TrialRunner(_catalog, images, folder, schema);
            var trials = new TrialSearch(settings, new RecordedRunner(runner, folder), Finished).Run();
            return new(
                [.. trials.Select(trial => new PruningRunDetail(trial, runner))],
                _settings.Folder is null ? folder : null);

            void Finished(PruningTrial trial)
            {
                channel.Info(MessageSensitivity.None, trial.ToString());
                if (trial.Exception is { } e) channel.Warning(MessageSensitivity.None, e.Message);
                progress?.Report(trial);
            }
        }
        catch when (_settings.Folder is null)
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Number of classes of the label column, at least 2. Reading the images checks the column.</summary>
    private int ClassesOf(DataViewSchema schema) =>
        schema.GetColumnOrNull(_settings.Options.LabelColumnName)?.Type is KeyDataViewType { Count: > 2 } key
            ? (int)Math.Min(key.Count, int.MaxValue)
            : 2;

    private TrialImages Read(IDataView trainData, IDataView? validationData)
    {
        // All networks take the same images, so the first one determines the shape.
        var network = _settings.Space.Network is { } networks ? networks.Values[0] : _settings.Options.Network;
        var (training, validation) = _catalog.LoadImages(
            trainData,
            _settings.Options with
            {
                Network = network, ValidationSet = validationData, CancellationToken = _settings.CancellationToken,
            });
        return new(training, validation, _settings);
    }
}
