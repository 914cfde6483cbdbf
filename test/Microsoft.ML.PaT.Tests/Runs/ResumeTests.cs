using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning.Policies;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class ResumeTests
{
    private static readonly TimeSpan s_everyStep = TimeSpan.FromMilliseconds(1);

    private static IEnumerable<TestCaseData> Runs()
    {
        var tiny = TinyRun.Options;
        yield return new TestCaseData(tiny, 1).SetArgDisplayNames("several pruning steps within an epoch");
        yield return new TestCaseData(
            tiny with { Pruning = new() { Criterion = Importance.Magnitude, Policy = PruningPolicy.AtEpoch(1) } },
            3).SetArgDisplayNames("magnitudes, one pruning step between epochs");
        yield return new TestCaseData(
            tiny with { Pruning = new() { Policy = PruningPolicy.AtEpoch(0) } },
            3).SetArgDisplayNames("pruning before the first step");
        yield return new TestCaseData(
            tiny with { Network = WithDropout, Pruning = new() { Policy = PruningPolicy.AtEpoch(2) } },
            3).SetArgDisplayNames("dropout");
        yield return new TestCaseData(
            tiny with { Pruning = new() { Policy = PruningPolicy.Never } }, 3).SetArgDisplayNames("dense");
        yield return new TestCaseData(
            tiny with
            {
                Pruning = new()
                {
                    Policy = new EarlyBirdPolicy
                    {
                        ObservationsPerEpoch = 4,
                        Masks = 3,
                        Distance = 0.3,
                        Deadline = 0.7,
                    },
                },
            },
            3).SetArgDisplayNames("masks that settle");
        yield return new TestCaseData(
            tiny with
            {
                Pruning = new()
                {
                    Policy = new EarlyPruningIndicatorPolicy { ObservationsPerEpoch = 6, LookBack = 1, Deadline = 0.9 },
                },
            },
            3).SetArgDisplayNames("a threshold from the run");
        yield return new TestCaseData(
            tiny with
            {
                Training = tiny.Training with { Epochs = 1 },
                Pruning = new()
                {
                    Criterion = Importance.Magnitude,
                    Policy = PruningPolicy.AfterTraining,
                    Retraining = new() { Schedule = RetrainingSchedule.AdaptiveLinear, Epochs = 2 },
                },
            },
            3).SetArgDisplayNames("retraining");
        yield return new TestCaseData(TinyRun.Everything, 3).SetArgDisplayNames(
            "AdamW, clipped, in parts that grow, averaged, taught");
        yield return new TestCaseData(
            tiny with { Training = tiny.Training with { Optimizer = Optimizer.Lars } }, 5).SetArgDisplayNames("LARS");
    }

    private static NetworkArchitecture WithDropout { get; } = new("dropout", new(3, 8, 8), (input, classes) =>
        {
            var whole = Networks.ByName("resnet8").Build(input, classes);
            var last = whole.Layers[^1];
            return new(
                "dropout",
                input,
                [
                    .. whole.Layers.SkipLast(1),
                    new DropoutLayer("drop", last.Inputs, 0.3),
                    ((LinearLayer)last) with { Inputs = ["drop"] },
                ]);
        });

    [TestCaseSource(nameof(Runs))]
    public void A_run_resumed_from_any_step_equals_the_uninterrupted_run(
        PruningAwareTrainingOptions options, int stride)
    {
        using var undisturbed = new TinyRun(options);
        using var folder = new TemporaryFolder();
        using (
            var watched = new TinyRun(
                options with { Checkpoints = new() { Folder = folder.Name, Interval = s_everyStep, Keep = 1000 } }))
        {
            Assert.That(watched.Weights, Is.EqualTo(undisturbed.Weights), "checkpoints change nothing");
        }
        Assert.That(folder.Checkpoints, Has.Length.GreaterThan(10));
        foreach (var file in folder.Checkpoints.Where((_, i) => i % stride == 0))
        {
            using var one = folder.With(file);
            using var resumed = new TinyRun(options with { Checkpoints = new() { Folder = one.Name, Resume = true } });
            Assert.That(resumed.Weights, Is.EqualTo(undisturbed.Weights), file);
            Assert.That(
                resumed.Report.Epochs.Select(e => (e.Phase, e.TrainLoss, e.Accuracy, e.LearningRate, e.Epi)),
                Is.EqualTo(
                    undisturbed.Report.Epochs.Select(e => (e.Phase, e.TrainLoss, e.Accuracy, e.LearningRate, e.Epi))),
                file);
            Assert.That(
                resumed.Report.Observations.Select(o => (o.At, o.Epi, o.Reason)),
                Is.EqualTo(undisturbed.Report.Observations.Select(o => (o.At, o.Epi, o.Reason))),
                file);
            Assert.That(resumed.Report.PruneReason, Is.EqualTo(undisturbed.Report.PruneReason), file);
        }
    }

    [Test]
    public void A_resumed_run_with_every_augmentation_equals_the_uninterrupted_run_from_memory_and_from_disk()
    {
        var options = TinyRun.Options with
        {
            Images = new()
            {
                RandomResizedCropMinScale = 0.5,
                ColorJitter = new() { Brightness = 0.4, Contrast = 0.4, Saturation = 0.4 },
                Cutout = 3,
            },
            Training = TinyRun.Options.Training with { Mixup = 0.2, CutMix = 1, LabelSmoothing = 0.1 },
        };
        using var undisturbed = new TinyRun(options);
        using var folder = new TemporaryFolder();
        using (
            var watched = new TinyRun(
                options with { Checkpoints = new() { Folder = folder.Name, Interval = s_everyStep, Keep = 1000 } },
                onDisk: true))
        {
            Assert.That(watched.Weights, Is.EqualTo(undisturbed.Weights), "from the disk");
        }
        foreach (var file in folder.Checkpoints.Where((_, i) => i % 4 == 1))
        {
            using var one = folder.With(file);
            using var resumed =
                new TinyRun(options with { Checkpoints = new() { Folder = one.Name, Resume = true } }, onDisk: true);
            Assert.That(resumed.Weights, Is.EqualTo(undisturbed.Weights), file);
        }
        using var plain = new TinyRun(TinyRun.Options);
        Assert.That(plain.Weights, Is.Not.EqualTo(undisturbed.Weights));
    }

    [Test]
    public void Leaves_no_tensor_behind()
    {
        using var folder = new TemporaryFolder();
        var options = TinyRun.Options with { Checkpoints = new() { Folder = folder.Name, Interval = s_everyStep } };
        new TinyRun(options).Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var live = LiveTensors.Before();
        new TinyRun(options).Dispose();
        new TinyRun(options with { Checkpoints = options.Checkpoints with { Resume = true } }).Dispose();
        Assert.That(torch.Tensor.TotalCount, Is.EqualTo(live));
    }

    [Test]
    public async Task A_run_stopped_several_times_equals_the_uninterrupted_run()
    {
        using var undisturbed = new TinyRun(TinyRun.Options);
        using var folder = new TemporaryFolder();
        var runs = 0;
        for (var stopped = true; stopped; runs++)
        {
            using var source = new CancellationTokenSource();
            var options = TinyRun.Options with
            {
                Checkpoints = new() { Folder = folder.Name, Interval = s_everyStep, Resume = true },
                CancellationToken = source.Token,
            };
            // The next stop comes as soon as there is a checkpoint that was not there before. Disposing it
            // asynchronously waits for the last look.
            var before = folder.Checkpoints.LastOrDefault();
            await using var watcher =
                new Timer(_ => { if (folder.Checkpoints.LastOrDefault() != before) source.Cancel(); }, null, 0, 1);
            using var run = new TinyRun(options);
            stopped = run.Report.Stopped;
            if (!stopped) Assert.That(run.Weights, Is.EqualTo(undisturbed.Weights));
        }
        Assert.That(runs, Is.GreaterThan(1));
    }

    [Test]
    public void Resuming_a_finished_run_returns_its_network_without_training()
    {
        using var folder = new TemporaryFolder();
        var options = TinyRun.Options with { Checkpoints = new() { Folder = folder.Name, Resume = true } };
        using var first = new TinyRun(options);
        using var again = new TinyRun(options);
        Assert.That(again.Weights, Is.EqualTo(first.Weights));
        Assert.That(again.Report.Seconds.Dense, Is.EqualTo(first.Report.Seconds.Dense));
        var (before, after) = (first.Report.Seconds, again.Report.Seconds);
        Assert.That(before.Evaluation, Is.Positive);
        Assert.That(before.Latency, Is.Positive);
        Assert.That(after.Checkpoints, Is.Positive.And.LessThanOrEqualTo(before.Checkpoints), "nothing new is written");
        Assert.That(
            after.Dense + after.Pruning + after.Compact + after.Evaluation + after.Latency + after.Checkpoints,
            Is.LessThanOrEqualTo(after.Total));
        using var anew = new TinyRun(options with { Checkpoints = new() { Folder = folder.Name } });
        Assert.That(anew.Events, Has.None.StartsWith("Going on"));
    }

    [Test]
    public void Resuming_without_a_checkpoint_sends_an_event()
    {
        using var folder = new TemporaryFolder();
        using var run = new TinyRun(
            TinyRun.Options with { Checkpoints = new() { Folder = folder.Name, Resume = true } });
        Assert.That(
            run.Events,
            Has.One.EqualTo($"There is no checkpoint in {folder.Name}: the run starts from the beginning."));
    }
}
