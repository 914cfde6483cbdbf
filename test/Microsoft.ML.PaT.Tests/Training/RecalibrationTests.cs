using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class RecalibrationTests
{
    [TestCase(1)]
    [TestCase(2)]
    public void Statistics_are_the_means_over_the_batches_and_no_parameter_moves(int batches)
    {
        torch.set_num_threads(2); // whoever set another number before: batches are multiples of it
        // The input of the norm is the image, so its statistics follow from the pixels.
        var builder = new NetworkBuilder("norm first", new(3, 8, 8));
        builder.Linear(
            "fc",
            builder.GlobalAveragePool("pool", builder.BatchNorm("norm", NetworkDefinition.InputName, momentum: 0.3)),
            3);
        using var scope = torch.NewDisposeScope();
        using var network = TinyNetworks.Trainable(builder.Build());
        using var images = TinyImages.Store(12);
        using var generator = new torch.Generator(1);
        using var augmentation = new BatchAugmentation(
            images.Shape,
            new() { RandomCropPadding = 0, HorizontalFlip = false },
            new([0.4f, 0.5f, 0.6f], [0.2f, 0.25f, 0.5f]),
            torch.CPU,
            channelsLast: false);
        using var loop = new TrainingLoop(images, new() { BatchSize = 12 / batches }, torch.CPU, generator, default);
        var before = network.Tensors.Where(t => !t.Key.StartsWith("norm.running", StringComparison.Ordinal))
            .ToDictionary(t => t.Key, t => t.Value.detach().clone());

        loop.Recalibrate(network, augmentation, epoch: 0, batches);

        var input = augmentation.Normalize(images.Read(0, 12));
        var mean = input.mean([0, 2, 3]);
        TensorAssert.Close(network.Tensors["norm.running_mean"], mean, 1e-6);
        // The unbiased variance of a batch; the mean of two depends on the split, but only as much as batches of 6 x 64
        // pixels can differ.
        TensorAssert.Close(
            network.Tensors["norm.running_var"],
            (input - mean.view(1, 3, 1, 1)).square().sum([0, 2, 3]) / (12 * 64 - 1),
            batches == 1 ? 1e-5 : 0.05);
        foreach (var (name, value) in before) TensorAssert.Close(network.Tensors[name], value, 0);
    }

    [TestCase(2)]
    [TestCase(3)]
    public void Micro_batches_give_the_statistics_of_batches_of_their_size(int parts)
    {
        using var threads = new ThreadScope(1);
        using var scope = torch.NewDisposeScope();
        using var images = TinyImages.Store(12);
        var (inParts, whole) = (
            Statistics(new() { BatchSize = 12, GradientAccumulationSteps = parts }, batches: 1),
            Statistics(new() { BatchSize = 12 / parts }, batches: parts));
        TensorAssert.Close(inParts, whole, 1e-6);
        var atOnce = Statistics(new() { BatchSize = 12 }, batches: 1);
        Assert.That((inParts - atOnce).abs().max().item<float>(), Is.GreaterThan(1e-4));

        torch.Tensor Statistics(TrainingOptions options, int batches)
        {
            using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
            using var generator = new torch.Generator(1);
            using var augmentation = new BatchAugmentation(
                images.Shape,
                new() { RandomCropPadding = 0, HorizontalFlip = false },
                TinyClassifiers.Normalization,
                torch.CPU,
                network.ChannelsLast);
            using var loop = new TrainingLoop(images, options, torch.CPU, generator, default);
            loop.Recalibrate(network, augmentation, epoch: 0, batches);
            return network.Statistics.Values.clone();
        }
    }

    [TestCase(null)]
    [TestCase(0.5)]
    public void Frozen_statistics_are_recomputed_after_a_pruning_step_only(double? emaDecay)
    {
        const string Mean = "bn1.running_mean";
        var options = TinyRun.Options with
        {
            Training = TinyRun.Options.Training with
            {
                FreezeBatchNorm = true, LearningRate = 0.01, EmaDecay = emaDecay,
            },
        };
        using var dense = new TinyRun(options with { Pruning = new() { Policy = PruningPolicy.Never } });
        using var scope = torch.NewDisposeScope();
        Assert.That(dense.Classifier.Weights[Mean].count_nonzero().item<long>(), Is.Zero);
        using var pruned = new TinyRun(options);
        var mean = pruned.Classifier.Weights[Mean];
        Assert.That(mean.count_nonzero().item<long>(), Is.EqualTo(mean.shape[0]));
    }
}
