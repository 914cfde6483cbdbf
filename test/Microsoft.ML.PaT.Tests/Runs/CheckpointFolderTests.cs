using System.Security.Cryptography;
using Microsoft.ML.PaT.Runs;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Which checkpoints a folder keeps, and which runs may use them.</summary>
public class CheckpointFolderTests
{
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

    [Test]
    public void Checkpoints_within_an_epoch_do_not_displace_those_at_its_end()
    {
        using var folder = new TemporaryFolder();
        using var run = new TinyRun(
            TinyRun.Options with
            {
                Pruning = new() { Policy = PruningPolicy.Never },
                Training = TinyRun.Options.Training with { Epochs = 4 },
                Checkpoints = new() { Folder = folder.Name, Keep = 4, Interval = TimeSpan.FromMilliseconds(1) },
            });
        Assert.That(
            folder.Checkpoints,
            Is.SupersetOf(Enumerable.Range(1, 4).Select(e => CheckpointOptions.PathAfter(folder.Name, e))));
    }

    [TestCase("cut short")]
    [TestCase("one bit changed")]
    [TestCase("empty")]
    public void A_damaged_checkpoint_is_renamed_and_the_previous_one_is_used(string damage)
    {
        using var undisturbed = new TinyRun(TinyRun.Options);
        using var folder = new TemporaryFolder();
        TinyRun.Stop(folder);
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
    public void A_checkpoint_of_another_version_throws_and_stays()
    {
        using var folder = new TemporaryFolder();
        TinyRun.Stop(folder);
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
    public void Any_changed_bit_is_detected()
    {
        using var folder = new TemporaryFolder();
        TinyRun.Stop(folder);
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
    public void On_a_full_disk_the_run_continues_without_the_checkpoint()
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
    public void A_run_with_other_options_or_images_throws_with_the_difference()
    {
        using var folder = new TemporaryFolder();
        TinyRun.Stop(folder);
        var options = TinyRun.Options with { Checkpoints = new() { Folder = folder.Name, Resume = true } };
        Refused(
            options with { Training = options.Training with { LearningRate = 0.2 } },
            "training.learningRate was 0.1 and is 0.2");
        Refused(options with { Training = options.Training with { Epochs = 9 } }, "training.epochs was 3 and is 9");
        Refused(
            options with { Training = options.Training with { ValidationFraction = 0.2 } },
            "training.validationFraction was 0.1 and is 0.2");
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
        TinyRun.Stop(folder);
        var before = folder.Checkpoints;
        Assert.That(
            () => new TinyRun(TinyRun.Options with { Checkpoints = new() { Folder = folder.Name } }),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("Checkpoints.Resume"));
        Assert.That(folder.Checkpoints, Is.EqualTo(before));
    }

    [Test]
    public void A_folder_in_use_throws()
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
}
