using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>
/// Trains an image classifier and prunes it during training, without ML.NET: images in, classifier out.
/// </summary>
/// <remarks><c>ml.PaT().ImageClassification(...)</c> does the same in a pipeline of ML.NET.</remarks>
public static class PruningTrainer
{
    /// <summary>
    /// Uses a fraction of the images, balanced by class, for validation
    /// (<see cref="TrainingOptions.ValidationFraction"/>), and trains on the others.
    /// </summary>
    /// <param name="training">The images; not disposed.</param>
    /// <param name="options">The options. Column names and image size have no effect.
    /// <see cref="ComputeDevice.Automatic"/> is the CPU; <see cref="ComputeDevice.Cuda"/> the first GPU.</param>
    /// <returns>Classifier, report and plan, owned by the caller.</returns>
    /// <exception cref="PaTException">Options or images are invalid; the derived type names the kind of error, the
    /// message the cure.</exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public static PruningAwareResult Train(ImageDataset training, PruningAwareTrainingOptions options) =>
        Train(training, null, options);

    /// <summary>Trains on one set and measures accuracy after each epoch on another.</summary>
    /// <param name="training">Images to train on; not disposed.</param>
    /// <param name="validation">Images to measure accuracy on, of the same shape and classes; not disposed. Null for a
    /// fraction of the training images.</param>
    /// <param name="options">The options. Column names and image size have no effect.
    /// <see cref="ComputeDevice.Automatic"/> is the CPU; <see cref="ComputeDevice.Cuda"/> the first GPU.</param>
    /// <returns>Classifier, report and plan, owned by the caller.</returns>
    /// <exception cref="PaTException">Options or images are invalid; the derived type names the kind of error, the
    /// message the cure.</exception>
    /// <exception cref="ObjectDisposedException">The images were disposed.</exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public static PruningAwareResult Train(
        ImageDataset training, ImageDataset? validation, PruningAwareTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        return Train(
            training, validation, options, ranks => DeviceChoice.Of(options.Device, null, fallbackToCpu: false, ranks));
    }

    /// <param name="training">Not disposed.</param>
    /// <param name="validation">Not disposed.</param>
    /// <param name="device">Chooses the device of a rank.</param>
    /// <param name="log">Receives the events in addition to the observers of the options.</param>
    internal static PruningAwareResult Train(
        ImageDataset training,
        ImageDataset? validation,
        PruningAwareTrainingOptions options,
        Func<Communicator, torch.Device> device,
        params IRunObserver[] log)
    {
        using var use = training.Use();
        using var other = validation?.Use();
        options = options with
        {
            Images = options.Images with
            {
                Height = training.Shape.Height,
                Width = training.Shape.Width,
                Resizing = training.Resizing ?? options.Images.Resizing,
            },
        };
        var fitting = options.Network is null ? FittingNetwork.For(training.Shape) : null;
        if (fitting is not null) options = options with { Network = fitting.Network };
        return RunLauncher.Launch(options, ranks =>
        {
            RequireSameClasses(training, validation);
            RunLauncher.RequireTwoClasses(training);
            var observer = RunLauncher.Observers(options, fitting, log);
            var run = new PruningAwareRun(options, device(ranks), observer) { Ranks = ranks, Evaluates = true };
            return RunLauncher.Execute(run, options, training, validation);
        });
    }

    private static void RequireSameClasses(ImageDataset training, ImageDataset? validation)
    {
        if (validation is not null
            && (validation.Shape != training.Shape || !validation.Classes.SequenceEqual(training.Classes)))
        {
            throw new InvalidImageDataException(
                ErrorCodes.LabelsInvalid,
                "The validation images must have the shape and the classes of the training images, in the same order.");
        }
    }
}
