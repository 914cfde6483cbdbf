using System.Security.Cryptography;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Pruning.Policies;
using Microsoft.ML.PaT.Runs;
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

    [Test]
    public void A_run_with_every_augmentation_goes_on_from_any_step_and_from_the_disk_as_from_memory()
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
    public void A_run_that_goes_on_from_any_step_ends_as_the_one_that_was_never_interrupted(
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
    public async Task A_run_that_was_stopped_again_and_again_ends_as_the_others()
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
    public void A_finished_run_gives_its_network_again_without_training()
    {
        using var folder = new TemporaryFolder();
        var options = TinyRun.Options with { Checkpoints = new() { Folder = folder.Name, Resume = true } };
        using var first = new TinyRun(options);
        using var again = new TinyRun(options);
        Assert.That(again.Weights, Is.EqualTo(first.Weights));
        Assert.That(again.Report.Seconds.Dense, Is.EqualTo(first.Report.Seconds.Dense));
        using var anew = new TinyRun(options with { Checkpoints = new() { Folder = folder.Name } });
        Assert.That(anew.Events, Has.None.StartsWith("Going on"));
    }

    [Test]
    public void The_checkpoints_of_a_finished_run_stay_until_the_next_run_writes_its_first()
    {
        using var folder = new TemporaryFolder();
        var options = TinyRun.Options with { Checkpoints = new() { Folder = folder.Name } };
        using var first = new TinyRun(options);
        var (finished, before) = (folder.Checkpoints, new List<string[]>());
        using var next = new TinyRun(options with { Seed = 2 }, happened =>
        {
            if (happened is EpochEnded) before.Add(folder.Checkpoints);
        });
        Assert.That(before[0], Is.EqualTo(finished));
        Assert.That(before[1], Is.EqualTo(new[] { CheckpointOptions.PathAfter(folder.Name, 1) }));
        using var resumed = new TinyRun(
            options with { Seed = 2, Checkpoints = new() { Folder = folder.Name, Resume = true } });
        Assert.That(resumed.Weights, Is.EqualTo(next.Weights));
        Assert.That(resumed.Events, Has.One.StartsWith("The run is finished, after"));
    }

    [Test]
    public void Resuming_where_nothing_is_says_so()
    {
        using var folder = new TemporaryFolder();
        using var run = new TinyRun(
            TinyRun.Options with { Checkpoints = new() { Folder = folder.Name, Resume = true } });
        Assert.That(
            run.Events,
            Has.One.EqualTo($"There is no checkpoint in {folder.Name}: the run starts from the beginning."));
    }

    [Test]
    public void A_run_that_fails_before_its_first_checkpoint_leaves_no_folder()
    {
        using var folder = new TemporaryFolder();
        var own = Path.Combine(folder.Name, "checkpoints");
        var options = TinyRun.Options with
        {
            Pruning = TinyRun.Options.Pruning with { Target = PruningTarget.Channels(0.999) },
        };
        Assert.That(
            () => new TinyRun(options with { Checkpoints = new() { Folder = own } }),
            Throws.TypeOf<UnreachableTargetException>());
        Assert.That(Directory.Exists(own), Is.False);
        Assert.That(
            () => new TinyRun(options with { Checkpoints = new() { Folder = folder.Name } }),
            Throws.TypeOf<UnreachableTargetException>());
        Assert.That(Directory.Exists(folder.Name), "it was there before");
    }

    [Test]
    public void The_last_checkpoints_and_the_best_stay()
    {
        using var folder = new TemporaryFolder();
        using var run = new TinyRun(
            TinyRun.Options with
            {
                Pruning = new() { Policy = PruningPolicy.Never },
                Training = TinyRun.Options.Training with { Epochs = 6 },
                Checkpoints = new() { Folder = folder.Name, Keep = 2 },
            });
        var best = run.Report.Epochs.MaxBy(e => e.Accuracy)!.Epoch + 1;
        var expected = new[] { best, 5, 6 }.Distinct().Order().Select(e => CheckpointOptions.PathAfter(folder.Name, e));
        Assert.That(folder.Checkpoints, Is.EqualTo(expected));
    }

    [TestCase("cut short")]
    [TestCase("one bit changed")]
    [TestCase("empty")]
    public void A_damaged_checkpoint_is_set_aside_and_the_one_before_it_used(string damage)
    {
        using var undisturbed = new TinyRun(TinyRun.Options);
        using var folder = new TemporaryFolder();
        Stopped(folder);
        var last = folder.Checkpoints[^1];
        var bytes = File.ReadAllBytes(last);
        if (damage == "one bit changed") bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(last, damage switch { "empty" => [], "cut short" => bytes[..^1], _ => bytes });

        using var resumed =
            new TinyRun(TinyRun.Options with { Checkpoints = new() { Folder = folder.Name, Resume = true } });
        Assert.That(resumed.Warnings, Has.One.Contains(Path.GetFileName(last)));
        Assert.That(resumed.Weights, Is.EqualTo(undisturbed.Weights));
        Assert.That(File.Exists(last + ".damaged"), Is.True);
    }

    [Test]
    public void A_checkpoint_of_another_version_is_left_alone_and_named()
    {
        using var folder = new TemporaryFolder();
        Stopped(folder);
        var last = folder.Checkpoints[^1];
        var bytes = File.ReadAllBytes(last);
        bytes[8] = 99;
        SHA256.HashData(bytes.AsSpan(..^SHA256.HashSizeInBytes), bytes.AsSpan(^SHA256.HashSizeInBytes..));
        File.WriteAllBytes(last, bytes);
        Assert.That(
            () => new TinyRun(TinyRun.Options with { Checkpoints = new() { Folder = folder.Name, Resume = true } }),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("version 99"));
        Assert.That(File.Exists(last), Is.True);
    }

    [Test]
    public void Any_bit_that_changes_is_noticed()
    {
        using var folder = new TemporaryFolder();
        Stopped(folder);
        var file = folder.Checkpoints[^1];
        var bytes = File.ReadAllBytes(file);
        for (var at = 0; at < bytes.Length; at += 1 + bytes.Length / 100)
        {
            bytes[at] ^= (byte)(1 << at % 8);
            File.WriteAllBytes(file, bytes);
            Assert.That(() => CheckpointFile.Read(file), Throws.TypeOf<InvalidFileException>(), $"byte {at}");
            bytes[at] ^= (byte)(1 << at % 8);
        }
        File.WriteAllBytes(file, bytes);
        CheckpointFile.Read(file).Dispose();
    }

    [Test]
    public void Another_run_is_refused_by_what_differs()
    {
        using var folder = new TemporaryFolder();
        Stopped(folder);
        var options = TinyRun.Options with { Checkpoints = new() { Folder = folder.Name, Resume = true } };
        Refused(
            options with { Training = options.Training with { LearningRate = 0.2 } },
            "training.learningRate was 0.1 and is 0.2");
        Refused(options with { Training = options.Training with { Epochs = 9 } }, "training.epochs was 3 and is 9");
        Refused(options with { Threads = 2 }, "threads was 1 and is 2");
        Refused(
            options with { Pruning = options.Pruning with { Target = PruningTarget.Channels(0.4) } },
            "pruning.target was {\"channels\":0.5} and is {\"channels\":0.4}");
        Refused(
            options with { Pruning = options.Pruning with { Policy = PruningPolicy.Never } },
            "pruning.policy was {\"kind\":\"epi\",\"tau\":1,\"deadline\":0.4,\"observationsPerEpoch\":2} and is never");
        Refused(options with { Network = Networks.ByName("resnet14") }, "network was resnet8");
        Assert.That(
            () => new TinyRun(options, seed: 7),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("training images are not the same"));
        Assert.That(
            () => new TinyRun(options, weights: [.. Enumerable.Range(0, 96).Select(i => 1f + i % 2)]),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("training images are not the same"),
            "their weights are not");
        using var whole = new TinyRun(
            options with
            {
                Training = options.Training with { Patience = 100 },
                LabelColumnName = "Other",
                ExampleWeightColumnName = "Ones",
            });
        Assert.That(whole.Report.Epochs, Has.Count.EqualTo(3), "what has no say in the weights may differ");

        static void Refused(PruningAwareTrainingOptions options, string why) =>
            Assert.That(() => new TinyRun(options), Throws.TypeOf<InvalidFileException>().With.Message.Contains(why));
    }

    [Test]
    public void An_unfinished_run_is_not_overwritten()
    {
        using var folder = new TemporaryFolder();
        Stopped(folder);
        var before = folder.Checkpoints;
        Assert.That(
            () => new TinyRun(TinyRun.Options with { Checkpoints = new() { Folder = folder.Name } }),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("--resume"));
        Assert.That(folder.Checkpoints, Is.EqualTo(before));
    }

    [Test]
    public void A_folder_serves_one_run_at_a_time()
    {
        using var folder = new TemporaryFolder();
        var options = TinyRun.Options with { Checkpoints = new() { Folder = folder.Name } };
        var asked = false;
        using var run = new TinyRun(options, _ =>
        {
            if (asked)
                return;
            asked = true;
            Assert.That(
                () => new TinyRun(options),
                Throws.TypeOf<InvalidFileException>()
                    .With.Message.Contains(folder.Name)
                    .And.Message.Contains($"process {Environment.ProcessId}"));
        });
        Assert.That(asked, Is.True);
        new TinyRun(options).Dispose(); // free again
    }

    [Test]
    public void A_full_disk_costs_the_checkpoint_and_not_the_run()
    {
        Assume.That(File.Exists("/dev/full"), Is.True, "needs /dev/full");
        using var undisturbed = new TinyRun(TinyRun.Options);
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(CheckpointOptions.PathAfter(folder.Name, 2) + ".new", "/dev/full");
        var options = TinyRun.Options with { Checkpoints = new() { Folder = folder.Name } };
        // Opening the folder clears such names away, so the disk gets full once the run is on its way.
        using var run = new TinyRun(options, happened =>
        {
            if (happened is EpochEnded { Epoch: 1 })
                File.CreateSymbolicLink(CheckpointOptions.PathAfter(folder.Name, 2) + ".new", "/dev/full");
        });
        Assert.That(run.Warnings, Has.One.Contains("could not be written"));
        Assert.That(run.Weights, Is.EqualTo(undisturbed.Weights));
        using var before = folder.With(CheckpointOptions.PathAfter(folder.Name, 1));
        using var resumed = new TinyRun(options with { Checkpoints = new() { Folder = before.Name, Resume = true } });
        Assert.That(resumed.Weights, Is.EqualTo(undisturbed.Weights));
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

    /// <summary>A run that is stopped after its second epoch, between two pruning steps.</summary>
    private static void Stopped(TemporaryFolder folder)
    {
        using var source = new CancellationTokenSource();
        using var run = new TinyRun(
            TinyRun.Options with { Checkpoints = new() { Folder = folder.Name }, CancellationToken = source.Token },
            happened =>
            {
                if (happened is EpochEnded { Epoch: 1 })
                    source.Cancel();
            });
        Assert.That(run.Report.Stopped, Is.True);
    }
}
