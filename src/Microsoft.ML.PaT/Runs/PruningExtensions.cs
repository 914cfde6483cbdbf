using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Recipe;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>Prunes networks that are trained already.</summary>
public static class PruningExtensions
{
    /// <summary>
    /// Prunes a classifier without training it: plan and cut. Accuracy falls; train it again with the weights of the
    /// result to win it back.
    /// </summary>
    /// <param name="classifier">The classifier; not changed.</param>
    /// <param name="options">
    /// How much to remove and by what criterion, or which channels to keep. What concerns training has no effect:
    /// policy, iterative steps, retraining, distillation, batch growth, batch-norm recalibration.
    /// </param>
    /// <param name="images">Images for criteria that need some, such as the default <see cref="Importance.Taylor"/>;
    /// <see cref="Importance.Magnitude"/> needs none.</param>
    /// <returns>The pruned classifier, owned by the caller.</returns>
    /// <exception cref="InvalidOptionsException">An option is out of range, or the criterion needs images.</exception>
    /// <exception cref="UnreachableTargetException">The target cannot be reached on this network; the message has the
    /// range that can.</exception>
    /// <exception cref="InvalidFileException">The given plan or widths are not for this network.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public static ImageClassifier Prune(
        this ImageClassifier classifier, PruningOptions options, ImageDataset? images = null) =>
        Prune(classifier, options, images, out _);

    internal static ImageClassifier Prune(
        ImageClassifier classifier, PruningOptions options, ImageDataset? images, out PruningPlan plan)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(options);
        var recipe = new PruningAwareTrainingOptions
        {
            Pruning = options with { Policy = PruningPolicy.AtInitialization, Retraining = null },
        };
        OptionsValidator.Validate(recipe);
        if (images is not null && images.Shape != classifier.Input)
        {
            throw new InvalidOptionsException(
                ErrorCodes.NetworkMismatch,
                $"The images are {images.Shape}, and the classifier takes {classifier.Input}.");
        }
        using var use = classifier.Use();
        using var scope = torch.NewDisposeScope();
        using var network = new TrainableNetwork(classifier.Network, classifier.Weights, torch.CPU);
        var groups = ChannelGroups.Of(classifier.Network);
        var planner = TargetPlannerFactory.For(options.Budget, groups, torch.CPU, SingleProcess.Instance);
        planner.RequireReachable(classifier.Network.Name);
        var probe = images is null
            ? null
            : new ProbeBatches(images, recipe.Training, recipe.Seed, recipe.Images, classifier.Normalization);
        using var scorer = new ChannelScorer(options.Scoring, network, probe, recipe.Seed, planner);
        plan = (options.Plan ?? planner.Plan(groups, scorer.Score(observations: 1))).For(groups);
        using var compact = network.Cut(new(groups, plan));
        return new(compact.Definition, compact.Tensors, classifier.Normalization, classifier.Classes)
        {
            Resizing = classifier.Resizing,
        };
    }
}
