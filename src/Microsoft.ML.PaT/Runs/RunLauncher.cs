using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Recipe;
using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Runs;

/// <summary>The start of a run, whether its images come from a data view or from memory.</summary>
internal static class RunLauncher
{
    /// <summary>
    /// Checks the options and runs in this process or, if the options have several, on the ranks of an MPI launcher. An
    /// exception on one rank ends the others.
    /// </summary>
    /// <exception cref="InvalidOptionsException">Options are out of their ranges or contradict each other.</exception>
    public static T Launch<T>(PruningAwareTrainingOptions options, Func<Communicator, T> run)
    {
        OptionsValidator.Validate(options);
        options.Weights?.RequireKind();
        using var torchScope = new TorchScope();
        Communicator ranks =
            options.Distributed is { } distributed ? Mpi.World(distributed.Timeout) : SingleProcess.Instance;
        try
        {
            return run(ranks);
        }
        catch (Exception e)
        {
            ranks.Fail(e);
            throw;
        }
    }

    /// <summary>The observers of a run, which receive the choice of its network.</summary>
    /// <param name="fitting">The network that was chosen; null if it was given.</param>
    /// <param name="log">Receives the events in addition to the observers of the options.</param>
    public static RunObservers Observers(
        PruningAwareTrainingOptions options, FittingNetwork? fitting, params IRunObserver[] log)
    {
        var observers = new RunObservers([.. options.Observers, .. log]);
        if (fitting?.Choice is { } choice) observers.OnEvent(new RunMessage(choice));
        return observers;
    }

    /// <summary>
    /// Executes a run; without validation images, a fraction of the training images is used for validation.
    /// </summary>
    public static PruningAwareResult Execute(
        PruningAwareRun run, TrainingRecipe recipe, ImageDataset images, ImageDataset? given)
    {
        if (given is not null || recipe.Training.ValidationFraction == 0) return run.Execute(images, given);
        var (training, validation) = images.Split(recipe.Training.ValidationFraction, recipe.Seed);
        using (training)
        using (validation)
        {
            return run.Execute(training, validation.Count > 0 ? validation : null);
        }
    }

    /// <exception cref="InvalidImageDataException">All images are of one class.</exception>
    public static void RequireTwoClasses(ImageDataset images)
    {
        if (images.LabelCounts.Count(c => c > 0) >= 2) return;
        var only = images.Classes[Array.FindIndex(images.LabelCounts, c => c > 0)];
        throw new InvalidImageDataException(
            ErrorCodes.SingleClass,
            $"All {images.Count} images are of the class '{only}'; a classifier needs images of at least two.");
    }
}
