using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Recipe;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>Prunes networks that are trained already.</summary>
internal static class TrainedPruning
{
    public static ImageClassifier Prune(
        ImageClassifier classifier, PruningOptions options, ImageDataset? images, out PruningPlan plan)
    {
        var recipe = new PruningAwareTrainingOptions
        {
            Pruning = options with { Policy = PruningPolicy.AtInitialization, Retraining = null, Distillation = null },
        };
        OptionsValidator.Validate(recipe);
        if (images is not null && images.Shape != classifier.Input)
        {
            throw new InvalidOptionsException(
                ErrorCodes.NetworkMismatch,
                $"The images are {images.Shape}, and the classifier takes {classifier.Input}.");
        }
        using var torchScope = new TorchScope();
        using var use = classifier.Use();
        using var read = images?.Use();
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
        using var compact = network.Prune(new(groups, plan));
        return new(compact.Definition, compact.Tensors, classifier.Normalization, classifier.Classes)
        {
            Resizing = classifier.Resizing,
        };
    }
}
