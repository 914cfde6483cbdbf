using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>The column with the weights of images.</summary>
public class ExampleWeightsTests
{
    private static readonly string[] s_classes = ["a", "b", "c"];

    private static readonly float[] s_ones = [1, 1, 1, 1];

    [Test]
    public void Weights_are_brought_to_a_mean_of_one()
    {
        Assert.That(Weights(ClassWeights.None, [0, 0, 1, 2], [2, 1, 0, 1]), Is.EqualTo(new[] { 2f, 1, 0, 1 }));
        Assert.That(
            Weights(ClassWeights.None, [0, 0, 1, 2], [6e30f, 3e30f, 0, 3e30f]),
            Is.EqualTo(new[] { 2f, 1, 0, 1 }).Within(1e-6),
            "only ratios matter");
        Assert.That(Weights(ClassWeights.None, [0, 0, 1, 2], s_ones), Is.Null);
    }

    [Test]
    public void Balanced_classes_share_their_part_by_weight()
    {
        // w n / (k W_c) with n = 4, k = 2: class 2 has no weight.
        Assert.That(
            Weights(ClassWeights.Balanced, [0, 0, 1, 2], [3, 1, 5, 0]),
            Is.EqualTo(new[] { 3 * 4 / (2 * 4f), 4 / (2 * 4f), 5 * 4 / (2 * 5f), 0 }).Within(1e-6));
        Assert.That(
            Weights(ClassWeights.Balanced, [0, 0, 1, 2], s_ones),
            Is.EqualTo(new[] { 2 / 3f, 2 / 3f, 4 / 3f, 4 / 3f }).Within(1e-6));
    }

    [TestCase(ClassWeights.None)]
    [TestCase(ClassWeights.Balanced)]
    public void Without_any_weight_there_is_nothing_to_learn(ClassWeights classes) =>
        Assert.That(
            () => Weights(classes, [0, 1], [0, 0]),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("all 2 training images are 0"));

    [TestCase(ClassWeights.None)]
    [TestCase(ClassWeights.Balanced)]
    public void An_image_of_weight_two_counts_as_two_images(ClassWeights classes)
    {
        var builder = new NetworkBuilder("normless", new(3, 8, 8));
        builder.Linear(
            "fc",
            builder.Flatten("flat", builder.Relu("relu", builder.Convolution("conv", "input", 4, 3, bias: true))),
            3);
        var definition = builder.Build(); // a batch-norm would see the second one
        var labels = new long[] { 0, 0, 1, 2 };
        var once = AfterOneStep(definition, Store(labels, [2, 1, 2, 1], [0, 1, 2, 3]), classes);
        var twice =
            AfterOneStep(definition, Store([0, 0, 0, 1, 1, 2], [1, 1, 1, 1, 1, 1], [0, 0, 1, 2, 2, 3]), classes);
        var plain = AfterOneStep(definition, Store(labels, s_ones, [0, 1, 2, 3]), classes);
        Assert.That(once, Is.EqualTo(twice).Within(1e-5));
        Assert.That(once, Is.Not.EqualTo(plain).Within(1e-3));
    }

    [Test]
    public void Parts_of_a_set_and_sets_on_the_disk_keep_their_weights()
    {
        using var folder = new TemporaryFolder();
        using var memory = Store([0, 1, 2, 0], [4, 3, 0.5f, 1], [0, 1, 2, 3]);
        using var disk = TinyImages.OnDisk(memory, Path.Combine(folder.Name, "a.images"));
        using var part = disk.Subset([3, 1, 2]);
        using var again = part.Subset([1]);
        Assert.That(disk.WeightValues.ToArray(), Is.EqualTo(new[] { 4, 3, 0.5f, 1 }));
        Assert.That(part.WeightValues.ToArray(), Is.EqualTo(new[] { 1, 3, 0.5f }));
        Assert.That((again.WeightValues[0], again.Labels[0].item<long>()), Is.EqualTo((3f, 1L)));
    }

    /// <summary>
    /// All weights of the network after a step with all images; they are equal if the weighted gradients have the same
    /// sum.
    /// </summary>
    private static float[] AfterOneStep(NetworkDefinition definition, ImageDataset images, ClassWeights classes)
    {
        using var scope = torch.NewDisposeScope();
        using var own = images;
        using var generator = new torch.Generator(1);
        using var network = TinyNetworks.Trainable(definition);
        using var augmentation = new BatchAugmentation(
            images.Shape,
            new() { RandomCropPadding = 0, HorizontalFlip = false },
            TinyClassifiers.Normalization,
            torch.CPU,
            network.ChannelsLast);
        using var loop = new TrainingLoop(
            images,
            new() { BatchSize = 8, Epochs = 1, WarmupFraction = 0, LearningRate = 0.1, ClassWeights = classes },
            torch.CPU,
            generator,
            CancellationToken.None);
        var stretch = loop.Train(network, augmentation, epoch: 0, from: 0, to: 1, gradientsReady: null);
        return
        [
            (float)stretch.Loss,
            .. network
                .Tensors.OrderBy(t => t.Key, StringComparer.Ordinal)
                .SelectMany(t => t.Value.detach().contiguous().data<float>().ToArray()),
        ];
    }

    private static float[]? Weights(ClassWeights classes, long[] labels, float[] weights)
    {
        using var images = Store(labels, weights, [.. Enumerable.Range(0, labels.Length)]);
        using var all = ExampleWeights.Of(images, classes);
        return all?.data<float>().ToArray();
    }

    /// <summary>Noise: images with the same number are equal.</summary>
    private static ImageDataset Store(long[] labels, float[] weights, int[] numbers)
    {
        using var scope = torch.NewDisposeScope();
        var pixels = numbers.SelectMany(number =>
        {
            var image = new byte[3 * 8 * 8];
            new Random(number).NextBytes(image);
            return image;
        }).ToArray();
        return new(
            torch.tensor(pixels).reshape(labels.Length, 3, 8, 8),
            torch.tensor(labels),
            s_classes,
            torch.tensor(weights));
    }
}
