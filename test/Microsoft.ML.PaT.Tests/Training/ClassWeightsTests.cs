using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class ClassWeightsTests
{
    private const double Tolerance = 1e-5;

    [Test]
    public void Weights_are_n_over_k_n_c_with_a_mean_of_one()
    {
        using var images = Labeled(0, 0, 1, 0);
        using var weights = ExampleWeights.Of(images, ClassWeights.Balanced)!;
        // Two of the three classes have images: 4 / (2 * 3) and 4 / (2 * 1).
        Assert.That(weights.data<float>().ToArray(), Is.EqualTo(new[] { 2 / 3f, 2 / 3f, 2, 2 / 3f }).Within(1e-6));
        Assert.That(weights.mean().item<float>(), Is.EqualTo(1).Within(1e-6));
        Assert.That(ExampleWeights.Of(images, ClassWeights.None), Is.Null);
    }

    [TestCase(0.0)]
    [TestCase(0.1)]
    public void The_loss_is_the_mean_over_classes_of_their_mean_losses(double smoothing)
    {
        using var scope = torch.NewDisposeScope();
        using var images = Labeled(0, 0, 0, 0, 0, 1, 1, 2);
        using var generator = new torch.Generator(1);
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var augmentation = new BatchAugmentation(
            images.Shape,
            new() { RandomCropPadding = 0, HorizontalFlip = false },
            TinyClassifiers.Normalization,
            torch.CPU,
            network.ChannelsLast);
        network.Module.Train(generator);
        var logits = network.Module.call(augmentation.Normalize(images.Read(0, images.Count))).detach();
        // Smoothed: 1 - s of the target on the class, s spread over all.
        var logs = logits.log_softmax(1);
        var losses =
            -(1 - smoothing) * logs.gather(1, images.Labels.unsqueeze(1)).squeeze(1) - smoothing * logs.mean([1]);
        var each = losses.data<float>().ToArray();
        var expected = (each[..5].Average() + each[5..7].Average() + each[7]) / 3;

        var options =
            new TrainingOptions { BatchSize = 8, ClassWeights = ClassWeights.Balanced, LabelSmoothing = smoothing };
        using var loop = new TrainingLoop(images, options, torch.CPU, generator, CancellationToken.None);
        var stretch = loop.Train(network, augmentation, epoch: 0, from: 0, to: 1, gradientsReady: null);
        Assert.That(stretch.Loss, Is.EqualTo(expected).Within(Tolerance));
    }

    [Test]
    public void With_as_many_images_in_each_class_nothing_changes()
    {
        var options = TinyRun.Options with
        {
            Training = TinyRun.Options.Training with { Epochs = 1 },
            Pruning = new() { Policy = PruningPolicy.Never },
        };
        using var plain = new TinyRun(options);
        using var balanced =
            new TinyRun(options with { Training = options.Training with { ClassWeights = ClassWeights.Balanced } });
        Assert.That(
            balanced.Report.Epochs[0].TrainLoss, Is.EqualTo(plain.Report.Epochs[0].TrainLoss).Within(Tolerance));
        Assert.That(
            TrainingRecipe.FromJson(balanced.Report.Recipe).Training.ClassWeights, Is.EqualTo(ClassWeights.Balanced));
    }

    /// <summary>Noise with given labels of three classes.</summary>
    private static ImageDataset Labeled(params long[] labels)
    {
        var pixels = new byte[labels.Length * 3 * 8 * 8];
        new Random(4).NextBytes(pixels);
        using var scope = torch.NewDisposeScope();
        return new(torch.tensor(pixels).reshape(labels.Length, 3, 8, 8), torch.tensor(labels), ["a", "b", "c"]);
    }
}
