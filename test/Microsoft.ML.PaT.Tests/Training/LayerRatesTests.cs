using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class LayerRatesTests
{
    [Test]
    public void Rates_fall_by_a_factor_from_layer_to_layer_on_the_longest_path()
    {
        // conv1, two convolutions in each of three blocks, fc: eight layers.
        var rates = LayerRates.Of(TinyNetworks.ResNet8(), new() { LayerRateDecay = 0.5 });
        Assert.That(rates.Of("fc.weight"), Is.EqualTo(1));
        Assert.That(rates.Of("conv1.weight"), Is.EqualTo(Math.Pow(0.5, 7)));
        Assert.That(rates.Of("bn1.weight"), Is.EqualTo(Math.Pow(0.5, 7)));
        Assert.That(rates.Of("layer3.0.conv2.weight"), Is.EqualTo(0.5));
        Assert.That(rates.Freezes, Is.False);
        Assert.That(rates.FrozenNorms, Is.Empty);
    }

    [Test]
    public void Layers_are_frozen_by_pattern_or_by_number()
    {
        var byName = LayerRates.Of(TinyNetworks.ResNet8(), new() { Freeze = ["conv1", "layer2.*"] });
        Assert.That(byName.Of("conv1.weight"), Is.Zero);
        Assert.That(byName.Of("bn1.weight"), Is.EqualTo(1));
        Assert.That(byName.Of("layer2.0.bn2.bias"), Is.Zero);
        Assert.That(byName.FrozenNorms, Does.Contain("layer2.0.bn1").And.Not.Contain("bn1"));
        var byNumber = LayerRates.Of(TinyNetworks.ResNet8(), new() { Freeze = ["2"] });
        Assert.That(byNumber.Of("bn1.weight"), Is.Zero);
        Assert.That(byNumber.Of("layer1.0.conv1.weight"), Is.Zero);
        Assert.That(byNumber.Of("layer1.0.conv2.weight"), Is.EqualTo(1));
        Assert.That(
            () => LayerRates.Of(TinyNetworks.ResNet8(), new() { Freeze = ["stage1.*"] }),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("'stage1.*'").And.Message.Contains("conv1"));
    }

    [TestCase("*")]
    [TestCase("100")]
    [TestCase("8")] // layers with weights
    public void A_network_that_is_frozen_as_a_whole_is_refused(string item)
    {
        Assert.That(
            () => LayerRates.Of(TinyNetworks.ResNet8(), new() { Freeze = [item] }),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains($"({item}) freezes all layers of"));
        Assert.That(
            () => new PruningAwareTrainingOptions
            {
                Network = Networks.ByName("resnet8"), Training = new() { Freeze = [item] },
            }.Validate(10),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("Training.Freeze"));
        Assert.That(LayerRates.Of(TinyNetworks.ResNet8(), new() { Freeze = ["7"] }).Of("fc.weight"), Is.EqualTo(1));
    }

    [Test]
    public void Ranges_cover_a_buffer_without_gaps()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var rates = LayerRates.Of(network.Definition, new() { LayerRateDecay = 0.8, Freeze = ["layer2.*"] });
        foreach (var flat in new[] { network.Decayed, network.Undecayed })
        {
            long end = 0;
            foreach (var (start, count, _) in rates.Ranges(flat))
            {
                Assert.That(start, Is.EqualTo(end));
                end = start + count;
            }
            Assert.That(end, Is.EqualTo(flat.Values.shape[0]));
        }
    }

    [Test]
    public void A_step_is_that_of_one_rate_times_the_factor(
        [Values(Optimizer.Sgd, Optimizer.AdamW, Optimizer.Lars)] Optimizer optimizer)
    {
        var plain = new TrainingOptions { Optimizer = optimizer, WeightDecay = 0 };
        var layered = plain with { LayerRateDecay = 0.5, Freeze = ["layer1.*"] };
        using var scope = torch.NewDisposeScope();
        var (steps, expected) = (Steps(layered), Steps(plain));
        var rates = LayerRates.Of(TinyNetworks.ResNet8(), layered);
        foreach (var (name, step) in steps)
        {
            TensorAssert.Close(step, expected[name] * rates.Of(name), 1e-6);
            if (name.StartsWith("layer1.", StringComparison.Ordinal))
                Assert.That(step.count_nonzero().item<long>(), Is.Zero);
        }
    }

    [Test]
    public void Frozen_norms_keep_their_statistics_and_their_output([Values] bool fusedNorms)
    {
        torch.set_num_threads(1);
        using var scope = torch.NewDisposeScope();
        using var images = TinyImages.Store(24);
        using var generator = new torch.Generator(1);
        using var augmentation = new BatchAugmentation(
            images.Shape, new(), new([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f]), torch.CPU, channelsLast: true);
        var options = new TrainingOptions { BatchSize = 8, FreezeBatchNorm = true, Freeze = ["conv1"] };
        using var loop = new TrainingLoop(images, options, torch.CPU, generator, default);
        using var source = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var network = new TrainableNetwork(
            source.Definition, source.Tensors, torch.CPU, channelsLast: true, fusedNorms);
        var (statistics, first) = (network.Statistics.Values.clone(), network.Tensors["conv1.weight"].detach().clone());
        var second = network.Tensors["layer1.0.conv1.weight"].detach().clone();
        loop.Train(network, augmentation, epoch: 0, from: 0, to: 3, gradientsReady: null);
        TensorAssert.Close(network.Statistics.Values, statistics, 0);
        TensorAssert.Close(network.Tensors["conv1.weight"], first, 0);
        Assert.That(network.Tensors["layer1.0.conv1.weight"].Equals(second), Is.False);
    }

    private static Dictionary<string, torch.Tensor> Steps(TrainingOptions options)
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var generator = new torch.Generator(3);
        using var quiet = torch.no_grad();
        var before = network.Decayed.Parameters.Concat(network.Undecayed.Parameters)
            .ToDictionary(p => p.Key, p => p.Value.clone());
        foreach (var flat in new[] { network.Decayed, network.Undecayed }) flat.Gradients.normal_(0, 1, generator);
        var optimizer = NetworkOptimizer.Of(options);
        optimizer.DropFrozen(network);
        optimizer.Step(network, new(0.1, 0.9));
        return before.ToDictionary(b => b.Key, b => network.Tensors[b.Key] - b.Value);
    }
}
