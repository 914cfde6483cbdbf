using Microsoft.ML.PaT.Pruning.Policies;
using Microsoft.ML.PaT.Results;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class BatchGrowthTests
{
    [Test]
    public void The_batch_fills_the_memory_of_the_activations_and_no_more()
    {
        var dense = TinyNetworks.ResNet8();
        var half = TinyNetworks.Half(dense); // half of all widths but for the classes
        Assert.That(BatchGrowth.Batch(128, most: 8, 50_000, dense, half), Is.InRange(254, 256));
        Assert.That(BatchGrowth.Batch(128, most: 1.5, 50_000, dense, half), Is.EqualTo(192));
        Assert.That(BatchGrowth.Batch(128, most: 1, 50_000, dense, half), Is.EqualTo(128));
        Assert.That(BatchGrowth.Batch(128, most: 8, 200, dense, half), Is.EqualTo(200), "there are no more images");
        Assert.That(BatchGrowth.Batch(128, most: 8, 50_000, dense, dense), Is.EqualTo(128));
    }

    [TestCase(Optimizer.Sgd, 4)]
    [TestCase(Optimizer.Lars, 4)]
    [TestCase(Optimizer.AdamW, 2)]
    public void The_learning_rate_follows_its_rule(Optimizer optimizer, double expected) =>
        Assert.That(BatchGrowth.RateFactor(optimizer, before: 128, after: 32), Is.EqualTo(expected).Within(1e-12));

    // 500 images make 4 batches of 125, or 3 of 166 or 167.
    [TestCase(500, 128, 204, 167, 4 / 3.0)]
    [TestCase(200, 100, 190, null, 1)]
    [TestCase(5000, 128, 129, 129, 40 / 39.0)]
    [TestCase(5000, 128, 160, 157, 40 / 32.0)]
    public void The_growth_is_that_of_the_mean_batch(int count, int before, int asked, int? largest, double factor)
    {
        var growth = BatchGrowth.To(asked, new() { BatchSize = before }, count, epoch: 2);
        Assert.That(growth, Is.EqualTo(largest is { } size ? new BatchGrowthReport(2, size, factor) : null));
        if (growth is null) return;
        using var images = TinyImages.Store(count, size: 1);
        using var generator = new torch.Generator(1);
        using var batches = new EpochBatches(images, growth.BatchSize, generator);
        Assert.That(Enumerable.Range(0, batches.Count).Max(batches.Size), Is.EqualTo(largest), "resumed runs too");
    }

    [Test]
    public void Nothing_changes_where_an_epoch_keeps_its_steps()
    {
        // 200 images: two batches of 100, before and after.
        var training = TinyRun.Options.Training with { BatchSize = 100 };
        var pruning = new PruningOptions { RoundTo = 1, Policy = PruningPolicy.AtEpoch(1) };
        var options = TinyRun.Options with { Training = training, Pruning = pruning with { BatchGrowth = 1.9 } };
        using var run = new TinyRun(options, images: 200);
        using var plain = new TinyRun(options with { Pruning = pruning }, images: 200);
        Assert.That((run.Report.PruneEpoch, run.Report.BatchGrowth), Is.EqualTo((1, (BatchGrowthReport?)null)));
        Assert.That(
            run.Report.Epochs.Select(e => e.LearningRate), Is.EqualTo(plain.Report.Epochs.Select(e => e.LearningRate)));
        Assert.That(run.Weights, Is.EqualTo(plain.Weights));
    }

    [Test]
    public void Batches_grow_in_the_epoch_after_pruning_and_the_report_says_so()
    {
        var options = TinyRun.Options with
        {
            Training = TinyRun.Options.Training with { Epochs = 4, Decay = LearningRateDecay.Linear },
            Pruning = new()
            {
                RoundTo = 1,
                Policy = new EarlyPruningIndicatorPolicy { Tau = 1, Deadline = 0.3, ObservationsPerEpoch = 2 },
                BatchGrowth = 1.5,
            },
        };
        using var run = new TinyRun(options);
        using var plain = new TinyRun(options with { Pruning = options.Pruning with { BatchGrowth = 1 } });
        // Pruning is after 1.5 epochs; 16 images become 24.
        Assert.That(run.Report.BatchGrowth, Is.EqualTo(new BatchGrowthReport(2, 24, 1.5)));
        Assert.That(plain.Report.BatchGrowth, Is.Null);
        Assert.That(
            run.Events,
            Has.Some.Contains("batches have at most 24 images, and the learning rate is multiplied by 1.5"));
        // 4 of 6 steps per epoch remain, so the last one is at another place of the schedule: step 3 of 4 is step 4 of
        // 6.
        var schedule = LearningRateSchedule.Of(options.Training, 6);
        Assert.That(
            run.Report.Epochs[3].LearningRate, Is.EqualTo(1.5 * schedule.At(3 * 6 + 4).LearningRate).Within(1e-12));
        Assert.That(run.Report.Epochs[1].LearningRate, Is.EqualTo(plain.Report.Epochs[1].LearningRate));
    }

    [Test]
    public void Batches_grow_at_once_where_the_last_step_of_pruning_begins_an_epoch()
    {
        var pruning = new PruningOptions
        {
            RoundTo = 1, Policy = PruningPolicy.AtEpoch(1), IterativeSteps = 2, IterativeEpochs = 2, BatchGrowth = 1.5,
        };
        using var run = new TinyRun(TinyRun.Options with { Pruning = pruning });
        // The steps are after 1 and 2 epochs.
        Assert.That(run.Report.BatchGrowth, Is.EqualTo(new BatchGrowthReport(2, 24, 1.5)));
    }
}
