using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Batch-norms of given weights get the statistics of the new images.</summary>
public class NormAdaptationTests
{
    private static readonly Normalization s_normalization = TinyClassifiers.Normalization;

    [Test]
    public void The_function_of_random_networks_stays([Range(1, 20)] int seed)
    {
        using var scope = NewDisposeScope();
        var network = RandomNetwork.Build(seed);
        using var given = TinyNetworks.Trainable(network);
        var tensors = Adapted(given, images: 64);
        var expected = ExportedNetworks.Logits(network, given.Tensors);
        var actual = ExportedNetworks.Logits(network, tensors);
        Assert.That(actual, Is.EqualTo(expected).Within(1e-4 * Math.Max(1, expected.Max(Math.Abs))));
    }

    [Test]
    public void Training_mode_begins_with_the_function_of_the_given_weights()
    {
        const int Images = 64;
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var network = TinyNetworks.ResNet8();
        using var given = TinyNetworks.Trainable(network);
        var images = AllImages(Images);
        var expected = Logits(given.Tensors, training: false);
        var before = (Logits(given.Tensors, training: true) - expected).abs().max().item<float>();
        var after = (Logits(Adapted(given, Images), training: true) - expected).abs().max().item<float>();
        var scale = expected.abs().max().item<float>();
        Assert.That(before, Is.GreaterThan(0.1 * scale));
        Assert.That(after, Is.LessThan(1e-3 * scale));

        Tensor Logits(IReadOnlyDictionary<string, Tensor> tensors, bool training)
        {
            using var module = new NetworkModule(network, tensors.ToDictionary(t => t.Key, t => t.Value.clone()));
            using var generator = new Generator(1);
            if (training) module.Train(generator);
            else module.eval();
            return module.forward(images.clone()).MoveToOuterDisposeScope();
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Frozen_norms_keep_their_statistics(bool freeze)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Name, "given.pat");
        var dense = TinyRun.Options with { Pruning = new() { Policy = PruningPolicy.Never } };
        using (var run = new TinyRun(dense)) run.Classifier.SaveArchive(path);
        var options = dense with
        {
            Weights = new(path),
            Training = dense.Training with { FreezeBatchNorm = freeze },
        };
        using var images = TinyImages.Store(64, seed: 3);
        using var generator = new Generator(1);
        using var file = ImageClassifier.Load(path);
        var (network, _, _) = InitialNetwork.Of(options, file.Network, images, generator, CPU);
        using var owned = network;
        var name = file.Network.Layers.OfType<BatchNormLayer>().First().Variance;
        var difference = network.Tensors[name].sub(file.Weights[name]).abs().max().item<float>();
        Assert.That(difference, freeze ? Is.Zero : Is.GreaterThan(0));
    }

    [Test]
    public void Norms_of_frozen_layers_stay_as_given_and_the_others_adapt()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var given = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var norms = given.Definition.Layers.OfType<BatchNormLayer>().ToList();
        var tensors = Adapted(given, images: 64, frozen: [norms[0].Name]);
        foreach (var parameter in norms[0].Parameters)
            TensorAssert.Close(tensors[parameter.Name], given.Tensors[parameter.Name], 0);
        var difference = tensors[norms[1].Mean].sub(given.Tensors[norms[1].Mean]).abs().max().item<float>();
        Assert.That(difference, Is.GreaterThan(0));
    }

    [Test]
    public void Statistics_that_are_not_of_the_weights_stay()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var given = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var norm = given.Definition.Layers.OfType<BatchNormLayer>().Last();
        given.Tensors[norm.Variance].mul_(1e-4f);
        var tensors = Adapted(given, images: 64, Does.Contain($"'{norm.Name}'").And.Contain("Images.Normalization"));
        foreach (var (name, tensor) in given.Tensors) TensorAssert.Close(tensors[name], tensor, 0);
    }

    private static Dictionary<string, Tensor> Adapted(
        TrainableNetwork given, int images, NUnit.Framework.Constraints.IResolveConstraint? remark = null,
        params string[] frozen)
    {
        using var store = TinyImages.Store(images);
        var tensors = given.Tensors.ToDictionary(t => t.Key, t => t.Value.detach());
        var batches = new ProbeBatches(store, new() { BatchSize = images }, seed: 1, new(), s_normalization);
        Assert.That(
            NormAdaptation.Adapt(given.Definition, tensors, batches, CPU, frozen.ToHashSet()), remark ?? Is.Null);
        return tensors;
    }

    private static Tensor AllImages(int count)
    {
        using var store = TinyImages.Store(count);
        using var augmentation = new Data.BatchAugmentation(store.Shape, new(), s_normalization, CPU, false);
        return augmentation.Normalize(store.Read(0, count)).MoveToOuterDisposeScope();
    }
}
