using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Zoo;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class PruningAwareRunTests
{
    private static readonly PruningAwareTrainingOptions s_options = LearningRun.Options;

    private static readonly NetworkArchitecture s_dropout = new("dropout", new(3, 8, 8), (input, classes) =>
    {
        var builder = new NetworkBuilder("dropout", input);
        var x = builder.Relu(
            "relu", builder.BatchNorm("bn", builder.Convolution("conv", NetworkDefinition.InputName, 16, kernel: 3)));
        builder.Linear("fc", builder.Dropout("drop", builder.GlobalAveragePool("pool", x), 0.5), classes);
        return builder.Build();
    });

    [Test]
    public void Trains_prunes_at_the_given_epoch_and_returns_the_compact_network()
    {
        using var result = new LearningRun(s_options with { Pruning = new() { Policy = PruningPolicy.AtEpoch(2) } });
        var report = result.Report;
        Assert.That(report.PruneEpoch, Is.EqualTo(2));
        TrainingPhase[] phases =
            [TrainingPhase.Dense, TrainingPhase.Dense, TrainingPhase.Pruning, TrainingPhase.Compact];
        Assert.That(report.Epochs.Select(e => e.Phase), Is.EqualTo(phases));
        Assert.That(report.Epochs[^1].Accuracy, Is.GreaterThan(0.9));
        Assert.That(report.Compact!.Parameters, Is.LessThan(report.Dense.Parameters));
        Assert.That(NetworkCost.Of(result.Classifier.Network).Parameters, Is.EqualTo(report.Compact.Parameters));
        Assert.That(report.MacEpochs, Is.EqualTo(2 + 2.0 * report.Compact.Macs / report.Dense.Macs).Within(1e-9));
        Assert.That(
            report.Widths["layer3.0.conv1"][1],
            Is.EqualTo(result.Classifier.Network.OutputShape("layer3.0.conv1").Channels));
    }

    [TestCase("vit", 0.05)]
    [TestCase("convnext", 0.2)]
    public void Networks_with_layer_norms_learn_before_and_after_pruning(string family, double learningRate)
    {
        NetworkArchitecture network = new(family, new(3, 8, 8), (input, classes) => family == "vit"
            ? VisionTransformer.Build(family, input, classes, patch: 4, width: 32, depth: 2, heads: 4)
            : ConvNeXt.Build(family, input, classes, widths: [16, 32], depths: [1, 1]));
        using var result = new LearningRun(s_options with
        {
            Network = network,
            Pruning = new() { Policy = PruningPolicy.AtEpoch(5), RoundTo = 8 },
            Training = s_options.Training with { Epochs = 10, LearningRate = learningRate },
        });
        var report = result.Report;
        Assert.That(report.Epochs[4].TrainLoss, Is.LessThan(report.Epochs[0].TrainLoss * 0.6));
        Assert.That(report.Epochs[^1].TrainLoss, Is.LessThan(0.3));
        Assert.That(report.Epochs[^1].Accuracy, Is.GreaterThan(0.8));
        Assert.That(report.Widths.Values.Select(w => w[1] % 8), Is.All.Zero);
        Assert.That(
            report.Widths.Values.Sum(w => w[1]), Is.EqualTo(report.Widths.Values.Sum(w => w[0]) / 2.0).Within(32));
    }

    [Test]
    public void Without_pruning_the_report_has_no_compact_network()
    {
        using var result = new LearningRun(s_options with { Pruning = new() { Policy = PruningPolicy.Never } });
        Assert.That(result.Report.PruneEpoch, Is.Null);
        Assert.That(result.Report.Compact, Is.Null);
        Assert.That(result.Report.MacEpochs, Is.EqualTo(4).Within(1e-9));
        Assert.That(result.Report.Observations, Is.Empty);
        Assert.That(result.Report.Epochs.Select(e => e.Phase), Is.All.EqualTo(TrainingPhase.Dense));
        Assert.That(
            result.Report.Widths.Values, Is.All.Matches<int[]>(w => w is [var before, var after] && before == after));
    }

    [Test]
    public void The_same_seed_gives_the_same_run_and_another_one_does_not([Values] bool dropout)
    {
        var options = s_options with
        {
            Network = dropout ? s_dropout : s_options.Network,
            Pruning = new() { Policy = PruningPolicy.AtEpoch(1) },
            Training = s_options.Training with { Epochs = 2 },
        };
        using var one = new LearningRun(options);
        using var same = new LearningRun(options);
        using var other = new LearningRun(options with { Seed = 2 });
        Assert.That(
            same.Report.Epochs.Select(e => e.TrainLoss), Is.EqualTo(one.Report.Epochs.Select(e => e.TrainLoss)));
        Assert.That(
            other.Report.Epochs.Select(e => e.TrainLoss), Is.Not.EqualTo(one.Report.Epochs.Select(e => e.TrainLoss)));
    }

    [Test]
    public void Does_not_touch_the_random_numbers_of_its_host()
    {
        torch.random.manual_seed(5);
        using var expected = torch.rand(4);
        torch.random.manual_seed(5);
        new LearningRun(
            s_options with
            {
                Training = s_options.Training with { Epochs = 1 },
                Pruning = new() { Policy = PruningPolicy.Never },
            }
        ).Dispose();
        using var actual = torch.rand(4);
        TensorAssert.Close(actual, expected, 0);
    }

    [Test]
    public void Every_image_is_trained_on_once_an_epoch()
    {
        // 70 images at 32 a batch: three batches of 23 or 24
        using var result = new LearningRun(
            s_options with
            {
                Training = s_options.Training with { Epochs = 1 },
                Pruning = new() { Policy = PruningPolicy.Never },
            },
            count: 70);
        Assert.That(result.Report.Images.Training, Is.EqualTo(70));
        Assert.That(
            result.Report.Epochs[0].ImagesPerSecond * result.Report.Epochs[0].Seconds, Is.EqualTo(70).Within(1e-6));
    }

    [Test]
    public void No_batch_has_a_single_image()
    {
        using var images = TinyImages.Store(5, size: 32);
        using var generator = new torch.Generator(1);
        using var batches = new EpochBatches(images, 2, generator);
        Assert.That(Enumerable.Range(0, batches.Count).Select(batches.Size), Is.EqualTo(new[] { 2, 3 }));
        var said = new List<string>();
        // A batch-norm of a vector refuses a single image.
        var options = s_options with
        {
            Network = Networks.ByName("vgg11-bn-cifar"),
            Pruning = new() { Policy = PruningPolicy.Never },
            Training = s_options.Training with { Epochs = 1, BatchSize = 2 },
        };
        var run = new PruningAwareRun(options, torch.CPU, IRunObserver.Of(happened => said.Add(happened.Text)));
        using var classifier = run.Execute(images, validation: null).Classifier;
        Assert.That(said, Has.One.StartsWith("A batch of each epoch has 3 images instead of 2"));
    }

    [TestCase(500, 32, 31, 32)]
    [TestCase(47500, 128, 127, 128)]
    [TestCase(50000, 128, 127, 128)]
    [TestCase(5, 8, 5, 5)]
    public void Batches_are_almost_equal_and_at_most_of_the_size(int count, int size, int least, int most)
    {
        using var images = TinyImages.Store(count);
        using var batches = new EpochBatches(images, size, new torch.Generator(1));
        var sizes = Enumerable.Range(0, batches.Count).Select(batches.Size).ToList();
        Assert.That((sizes.Min(), sizes.Max(), sizes.Sum()), Is.EqualTo((least, most, count)));
        Assert.That(batches.Remark, Is.Null);
    }

    [TestCase(
        60, 128, "60 images has only 1 step with a batch of 128",
        "A batch of 8 (Training.BatchSize) makes 8 steps")]
    [TestCase(
        500, 128, "500 images has only 4 steps with a batch of 128",
        "A batch of 25 (Training.BatchSize) makes 20 steps")]
    [TestCase(513, 128)]
    [TestCase(30, 8)]
    [TestCase(8, 128)]
    public void A_smaller_batch_is_advised_where_an_epoch_has_few_steps(int count, int size, params string[] advice)
    {
        using var images = TinyImages.Store(count);
        using var batches = new EpochBatches(images, size, new torch.Generator(1));
        if (advice is [var what, var instead]) Assert.That(batches.Remark, Does.Contain(what).And.Contain(instead));
        else Assert.That(batches.Remark, Is.Null);
    }

    [TestCase(16, 0)]
    [TestCase(64, 1)]
    public void A_run_says_once_that_its_epochs_have_few_steps(int batch, int times)
    {
        using var run = new TinyRun(TinyRun.Options with
        {
            Pruning = new() { Policy = PruningPolicy.Never },
            Training = TinyRun.Options.Training with { BatchSize = batch },
        });
        Assert.That(run.Events, Has.Exactly(times).Contains("A batch of 8 (Training.BatchSize) makes 12 steps"));
    }

    [TestCase(71, 3)]
    [TestCase(33, 2)]
    [TestCase(5, 8)]
    public void An_epoch_has_every_image_for_any_number_of_threads(int count, int threads)
    {
        // After pruning, convolutions are narrow: docs/decisions/strided-convolutions.md.
        var options = s_options with
        {
            Pruning = new() { Policy = PruningPolicy.AtEpoch(1) },
            Training = s_options.Training with { Epochs = 3, BatchSize = 16 },
            Threads = threads,
        };
        using var result = new LearningRun(options, count: count);
        Assert.That(
            result.Report.Epochs[2].ImagesPerSecond * result.Report.Epochs[2].Seconds, Is.EqualTo(count).Within(1e-6));
    }

    [Test]
    public void Leaves_no_tensor_behind()
    {
        new LearningRun(s_options).Dispose();
        // What earlier tests left must not be finalized between the two counts, and hide a leak of this run.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var live = LiveTensors.Before();
        new LearningRun(s_options).Dispose();
        Assert.That(torch.Tensor.TotalCount, Is.EqualTo(live));
    }

    [Test]
    public void Canceling_stops_at_the_next_step_and_returns_the_network()
    {
        using var source = new CancellationTokenSource();
        var options = s_options with
        {
            CancellationToken = source.Token,
            Pruning = new() { Policy = PruningPolicy.AtEpoch(1) },
            Training = s_options.Training with { Epochs = 50 },
        };
        using var result = new LearningRun(options, happened =>
        {
            if (happened is EpochEnded { Epoch: 2 }) source.Cancel();
        });
        Assert.That(result.Report.Stopped, Is.True);
        Assert.That(result.Report.Epochs, Has.Count.EqualTo(3));
        Assert.That(result.Report.Compact, Is.Not.Null);
    }

    [Test]
    public void A_loss_that_is_not_finite_throws_with_the_epoch()
    {
        var options = s_options with
        {
            Training = s_options.Training with { LearningRate = 1e30 },
            Pruning = new() { Policy = PruningPolicy.Never },
        };
        Assert.That(
            () => new LearningRun(options),
            Throws.TypeOf<TrainingDivergedException>()
                .With.Message.Contains("epoch 0")
                .And.Message.Contains("LearningRate"));
    }
}
