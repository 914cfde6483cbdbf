using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>The network before its first step: random weights, or those of a file.</summary>
internal static class InitialNetwork
{
    /// <returns>The network, owned by the caller, the normalization of its input, and remarks about the
    /// weights.</returns>
    /// <exception cref="InvalidFileException">The weights belong to another network.</exception>
    public static (TrainableNetwork Network, Normalization Normalization, string[] Remarks) Of(
        PruningAwareTrainingOptions options, NetworkDefinition definition, ImageDataset training,
        torch.Generator generator, torch.Device device, bool? channelsLast = null, int ranks = 1)
    {
        var weights = options.WeightsFor(definition.Classes);
        var (fusedNorms, normalization) = (options.Training.FusedNorms, options.Images.Normalization);
        if (weights is null)
        {
            var network = TrainableNetwork.Initialize(definition, generator, device, channelsLast, fusedNorms);
            return (network, normalization ?? PixelStatistics.Of(training), []);
        }
        using var scope = torch.NewDisposeScope();
        var restores = options.Training.RestoreBatchNorms;
        var inFile = restores ? RestoredNorms.RemoveFrom(definition) : definition;
        var (tensors, trainedWith, remark) = weights.Read(inFile, generator, training.Classes);
        normalization ??= trainedWith ?? PixelStatistics.Of(training);
        var batches = new ProbeBatches(
            training, options.Training, options.Seed, options.Images, normalization, ranks);
        if (restores) NormRestoration.Measure(definition, tensors, batches, device);
        var kept = options.Training.FreezeBatchNorm
            ? null
            : NormAdaptation.Adapt(
                definition, tensors, batches, device, LayerRates.Of(definition, options.Training).FrozenNorms);
        string[] remarks = [.. new[] { remark, kept }.OfType<string>()];
        return (new(definition, tensors, device, channelsLast, fusedNorms), normalization, remarks);
    }

    /// <summary>Remarks on options that do not fit the weights that a run starts from.</summary>
    /// <param name="isGiven">Whether the weights are given; otherwise they are random.</param>
    public static IEnumerable<string> Advice(TrainingOptions training, bool isGiven)
    {
        if (isGiven)
        {
            if (training.LearningRate is null)
            {
                yield return FormattableString.Invariant(
                    $"Given weights are trained with the default learning rate, {training.LearningRateInUse}, which ")
                    + "is for random weights. Preset finetune (RecipePresets.FineTune) has one for given weights.";
            }
            yield break;
        }
        if (training.FitClassifierFirst)
        {
            yield return "The classifier is fitted first, but to features of random weights, because no weights are "
                + "given. Give Weights (--weights), or leave out preset finetune and training.fitClassifierFirst.";
        }
        if (training.Freeze.Count > 0)
        {
            yield return "Layers are frozen at random weights, because no weights are given. Give Weights (--weights), "
                + "or leave out training.freeze (--freeze).";
        }
        if (training.FreezeBatchNorm)
        {
            yield return "Batch-norms keep the statistics that they start with, mean 0 and variance 1, because no "
                + "weights are given. Give Weights (--weights), or leave out training.freezeBatchNorm.";
        }
    }

    /// <summary>Fits the classifier on rank 0; the other ranks wait, and receive its network later.</summary>
    /// <returns>Null without a fit on this rank.</returns>
    /// <exception cref="OperationCanceledException">The run was canceled during the fit: nothing is trained yet.
    /// </exception>
    public static ClassifierFit? FitClassifier(
        PruningAwareTrainingOptions options, TrainableNetwork network, ImageDataset training,
        Normalization normalization, Communicator ranks)
    {
        if (!options.Training.FitClassifierFirst) return null;
        _ = ClassifierFit.ClassifierOf(network.Definition); // throws on every rank
        var fit = ranks.IsFirst ? Fit() : null;
        ranks.Barrier(Communicator.LongWork);
        return fit;

        ClassifierFit Fit()
        {
            using var augmentation = new BatchAugmentation(
                training.Shape, options.Images, normalization, network.Device, network.ChannelsLast);
            using var weights = ExampleWeights.Of(training, options.Training.ClassWeights);
            return ClassifierFit.Run(network, training, augmentation, weights, options.CancellationToken);
        }
    }
}
