using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Pipeline;
using Microsoft.ML.PaT.Results;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Training;
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
    private readonly MLContext _ml;
    private readonly PruningExperimentSettings _settings;

    internal PruningExperiment(MLContext ml, PruningExperimentSettings settings) => (_ml, _settings) = (ml, settings);

    /// <summary>
    /// Runs the experiment with one data set. A fraction of it is held out to compare trials, or it is split into folds
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
        TorchLibrary.Require();
        using var torchScope = new TorchScope();
        var labels = LabelValues.Of(Columns.Find(trainData.Schema, _settings.Options.LabelColumnName, "label"));
        // All networks take the same images, so the first one determines the shape.
        var first = _settings.Space.Network is { Values: [var network, ..] } ? network : _settings.Options.Network;
        var options = _settings.Options with { CancellationToken = _settings.CancellationToken };
        var (fitting, _) = DataViewImageLoader.Expect(first, options.ImageData, trainData);
        var shape = fitting.Shape;
        options = options with { Network = fitting.Network };
        var settings = _settings with { Options = _settings.Options with { Network = fitting.Network } };
        ExperimentValidator.Validate(settings, Math.Max(2, labels.Names.Count), validationData is not null);
        var schema = new ScoringSchema(trainData.Schema, options, shape, labels);
        var device = DeviceChoice.Of(options.Device, _ml.GpuDeviceId, _ml.FallbackToCpu);

        var folder = Path.GetFullPath(_settings.Folder ?? Directory.CreateTempSubdirectory("pat-experiment-").FullName);
        try
        {
            using var taken = FolderLock.Take(folder);
            var host = ((IHostEnvironment)_ml).Register(HostName);
            using var channel = host.Start("Experiment");
            var log = new ChannelObserver(channel);
            if (fitting.Choice is { } choice) log.OnEvent(new RunMessage(choice));
            using var images =
                Read(new(options.ImageData, shape, labels, log), trainData, validationData, channel, out var skipped);
            var runner = new TrialRunner(images, device, folder, skipped, log);
            var trials = new TrialSearch(settings, new RecordedRunner(runner, folder), Finished).Run();
            return new(
                [.. trials.Select(trial => new PruningRunDetail(trial, folder, images.Runs, labels, schema))],
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

    private TrialImages Read(
        DataViewImageLoader reader,
        IDataView trainData,
        IDataView? validationData,
        IChannel channel,
        out ImagesRead skipped)
    {
        var train = reader.Read(trainData, "training", weighted: true);
        try
        {
            PruningTrainer.RequireTwoClasses(train.Store);
            var validation = validationData is null ? null : reader.Read(validationData, "validation");
            skipped = new(
                [.. train.Unreadable, .. validation?.Unreadable ?? []],
                train.UnreadableCount + (validation?.UnreadableCount ?? 0),
                Seconds: 0);
            foreach (var name in skipped.Unreadable) channel.Warning(MessageSensitivity.UserData, $"Skipped {name}");
            channel.Info(
                MessageSensitivity.None,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Read {train.Store.Count} images of {train.Store.Classes.Count} classes, once for all trials."));
            return new(train.Store, validation?.Store, _settings);
        }
        catch
        {
            train.Store.Dispose();
            throw;
        }
    }
}
