using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class DivergenceTests
{
    private static readonly PruningAwareTrainingOptions s_dense =
        TinyRun.Options with { Pruning = new() { Policy = PruningPolicy.Never } };

    /// <summary>Four linear layers without norms, which diverge within a few steps at a high learning rate.</summary>
    private static NetworkArchitecture Fragile { get; } = new("fragile", new(3, 8, 8), (input, classes) =>
    {
        var builder = new NetworkBuilder("fragile", input);
        var value = builder.Flatten("flat", NetworkDefinition.InputName);
        for (var i = 0; i < 3; i++) value = builder.Linear($"linear{i}", value, 16);
        builder.Linear("last", value, classes);
        return builder.Build();
    });

    [Test]
    public void The_message_names_step_learning_rate_layer_and_what_to_try() =>
        Assert.That(
            () =>
                new TinyRun(
                    s_dense with { Training = s_dense.Training with { LearningRate = 1e30, WarmupFraction = 0 } }),
            Throws.TypeOf<TrainingDivergedException>()
                .With.Message.Contains("epoch 0, step 1 of 6")
                .And.Message.Contains("9.44E+29")
                .And.Message.Match("first at the (output|gradient) of layer '[a-z0-9.]+'")
                .And.Message.Contains("Training.LearningRate"));

    [Test]
    public void Divergence_in_a_micro_batch_of_a_network_with_dropout_is_named()
    {
        var network = new NetworkArchitecture("dropped", new(3, 8, 8), (input, classes) =>
        {
            var builder = new NetworkBuilder("dropped", input);
            var value = builder.Linear("first", builder.Flatten("flat", NetworkDefinition.InputName), 16);
            builder.Linear("last", builder.Dropout("dropout", value, 0.2), classes);
            return builder.Build();
        });
        var training = s_dense.Training with
        {
            LearningRate = 1e30, WarmupFraction = 0, GradientAccumulationSteps = 2,
        };
        Assert.That(
            () => new TinyRun(s_dense with { Network = network, Training = training }),
            Throws.TypeOf<TrainingDivergedException>());
    }

    [Test]
    public void Given_weights_are_led_to_the_preset_for_them()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Name, "tiny.safetensors");
        using (var run = new TinyRun(s_dense)) run.Classifier.SaveWeights(file);
        var events = new List<string>();
        var given = s_dense with
        {
            Weights = new(file), Training = s_dense.Training with { LearningRate = null, Epochs = 1 },
        };
        using (new TinyRun(given, happened => events.Add(happened.Text)))
            Assert.That(events, Has.Exactly(1).Contains("default learning rate, 0.2").And.Contains("finetune"));
        Assert.That(
            () => new TinyRun(
                given with { Training = s_dense.Training with { LearningRate = 1e30, WarmupFraction = 0 } }),
            Throws.TypeOf<TrainingDivergedException>().With.Message.Contains("Try preset finetune"));
    }

    [TestCase(2.3f, 1, null)]
    [TestCase(300f, 1, null)]
    [TestCase(7.8e29f, 1, "the loss is 7.8E+29, more than 10,000,")]
    [TestCase(float.NaN, 1, "the loss (NaN) is not finite")]
    [TestCase(float.PositiveInfinity, 1, "the loss (Infinity) is not finite")]
    [TestCase(12_500f, 2500, null)]
    [TestCase(3e7f, 2500, "the loss is 3E+07, more than 25,000,000,")]
    [TestCase(2e4f, 0.5f, "the loss is 2E+04, more than 10,000,")]
    public void A_loss_that_is_too_large_or_not_finite_is_divergence(float loss, float meanWeight, string? expected) =>
        Assert.That(Divergence.OfLoss(loss, meanWeight), Is.EqualTo(expected));

    [Test]
    public void A_heavy_image_in_a_small_batch_is_no_divergence()
    {
        const int Count = 5000;
        using var threads = new ThreadScope(1);
        using var scope = torch.NewDisposeScope();
        // The weights have a mean of 1, so the first image, of class 0, weighs almost 5000.
        using var images =
            TinyImages.Store(Count, weights: [1e9f, .. Enumerable.Repeat(1f, Count - 1)]);
        var builder = new NetworkBuilder("biased", images.Shape);
        builder.Linear("fc", builder.Flatten("flat", NetworkDefinition.InputName), 3);
        using var network = TinyNetworks.Trainable(builder.Build());
        using (torch.no_grad())
        {
            network.Tensors["fc.weight"].zero_();
            network.Tensors["fc.bias"].copy_(torch.tensor(new float[] { -5, 0, 0 }));
        }
        using var augmentation = new BatchAugmentation(
            images.Shape, new(), TinyClassifiers.Normalization, torch.CPU, network.ChannelsLast);
        var options = new TrainingOptions { BatchSize = 2, LearningRate = 1e-9, WarmupFraction = 0 };
        using var same = new torch.Generator(1);
        using var batches = new EpochBatches(images, 2, same);
        batches.Take(0, 0);
        var step = Enumerable.Range(0, batches.Count)
            .First(batch => batches.WholeRowsOf(batch).data<long>().Contains(0));
        using var generator = new torch.Generator(1);
        using var loop = new TrainingLoop(images, options, torch.CPU, generator, default);
        var loss = loop.Train(network, augmentation, 0, step, step + 1, gradientsReady: null).Loss;
        Assert.That(loss, Is.EqualTo(Count / 2 * (5 + Math.Log(2 + Math.Exp(-5)))).Within(1).And.GreaterThan(10_000));
    }

    [Test]
    public void A_loss_that_explodes_ends_the_run_while_it_is_finite()
    {
        // Without norms, one step at this rate gives weights of about 1e3: products of four layers, and no overflow.
        var options = s_dense with
        {
            Network = Fragile,
            Training = s_dense.Training with { LearningRate = 1e4, WarmupFraction = 0 },
        };
        Assert.That(
            () => new TinyRun(options),
            Throws.TypeOf<TrainingDivergedException>().With.Message.Contains("more than 10,000, in epoch 0, step 1"));
    }

    [Test]
    public void A_gradient_is_found_in_the_layer_where_the_backward_pass_met_it_first()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        Assert.That(Divergence.OfGradients(network), Is.Null);
        foreach (var name in new[] { "conv1.weight", "layer2.0.conv1.weight" })
            network.Tensors[name].grad!.fill_(float.NaN);
        Assert.That(Divergence.OfGradients(network), Does.Contain("'layer2.0.conv1'"));
    }

    [Test]
    public void An_output_is_found_in_the_layer_that_made_it()
    {
        using var scope = torch.NewDisposeScope();
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var generator = new torch.Generator(1);
        network.Module.Train(generator);
        var images = TinyNetworks.Images(network.Definition, 4);
        Assert.That(Divergence.OfActivations(network, images), Is.Null);
        using (torch.no_grad()) network.Tensors["layer2.0.conv1.weight"].fill_(float.PositiveInfinity);
        Assert.That(Divergence.OfActivations(network, images), Does.Contain("'layer2.0.conv1'"));
    }

    [Test]
    public void Rolling_back_lowers_the_learning_rate_until_the_run_holds()
    {
        var options = s_dense with
        {
            Network = Fragile,
            Training = s_dense.Training with { Epochs = 1, BatchSize = 4, WarmupFraction = 0 },
        };
        // The lowest power of two that is too high for one epoch; half of it is not.
        var tooHigh = Enumerable.Range(-8, 18).Select(k => Math.Pow(2, k)).First(Diverges);
        using var folder = new TemporaryFolder();
        using var run = new TinyRun(
            At(tooHigh) with
            {
                Training = At(tooHigh).Training with { OnDivergence = DivergenceAction.RollBack },
                Checkpoints = new() { Folder = folder.Name },
            });
        Assert.That(run.Events, Has.Exactly(1).Contains("Going back"));
        using var half = new TinyRun(At(tooHigh / 2));
        Assert.That(run.Weights, Is.EqualTo(half.Weights));

        PruningAwareTrainingOptions At(double rate) =>
            options with { Training = options.Training with { LearningRate = rate } };

        bool Diverges(double rate)
        {
            try
            {
                new TinyRun(At(rate)).Dispose();
                return false;
            }
            catch (TrainingDivergedException)
            {
                return true;
            }
        }
    }

    [Test]
    public void Divergence_at_any_learning_rate_stops_after_three_retries()
    {
        using var folder = new TemporaryFolder();
        var events = new List<string>();
        var options = s_dense with
        {
            Training = s_dense.Training with
            {
                LearningRate = 1e30,
                WarmupFraction = 0,
                OnDivergence = DivergenceAction.RollBack,
            },
            Checkpoints = new() { Folder = folder.Name },
        };
        Assert.That(
            () => new TinyRun(options, happened => events.Add(happened.Text)),
            Throws.TypeOf<TrainingDivergedException>());
        Assert.That(events.Count(e => e.Contains("Going back")), Is.EqualTo(3));
    }

    [Test]
    public void A_roll_back_that_cannot_be_written_ends_the_run()
    {
        Assume.That(File.Exists("/dev/full"), Is.True, "needs /dev/full");
        using var folder = new TemporaryFolder();
        var events = new List<string>();
        var options = s_dense with
        {
            Training = s_dense.Training with
            {
                LearningRate = 1e30, WarmupFraction = 0, OnDivergence = DivergenceAction.RollBack,
            },
            Checkpoints = new() { Folder = folder.Name },
        };
        Assert.That(
            () => new TinyRun(options, happened =>
            {
                events.Add(happened.Text);
                if (happened is CheckpointWritten written) File.CreateSymbolicLink(written.Path + ".new", "/dev/full");
            }),
            Throws.TypeOf<TrainingDivergedException>());
        Assert.That(events, Has.One.Contains("could not be written").And.None.Contains("Going back"));
    }
}
