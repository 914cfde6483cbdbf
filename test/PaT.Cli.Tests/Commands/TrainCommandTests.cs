using System.Text.Json;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Training;

namespace PaT.Cli.Tests;

public sealed class TrainCommandTests
{
    [Test]
    public void A_run_leaves_a_model_and_reports_that_agree()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        var (exitCode, output, error) = Pat.Run(
            "train",
            "--data",
            data,
            "--limit",
            "200",
            "--epochs",
            "2",
            "--batch",
            "32",
            "--policy",
            "epoch:1",
            "--device",
            "cpu",
            "--threads",
            "1",
            "--out",
            folder.File("out"));
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));

        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("out/report.json")));
        var report = json.RootElement;
        Assert.That(report.GetProperty("dataset").GetString(), Is.EqualTo("CIFAR-10"));
        Assert.That(
            report.GetProperty("recipe").GetProperty("pruning").GetProperty("policy").GetString(),
            Is.EqualTo("epoch:1"));
        Assert.That(report.GetProperty("pruneEpoch").GetInt32(), Is.EqualTo(1));
        Assert.That(report.GetProperty("epochs").GetArrayLength(), Is.EqualTo(2));
        Assert.That(report.GetProperty("dense").GetProperty("parameters").GetInt64(), Is.EqualTo(272_474));
        Assert.That(report.GetProperty("compact").GetProperty("parameters").GetInt64(), Is.LessThan(200_000));
        Assert.That(report.GetProperty("test").GetProperty("accuracy").GetDouble(), Is.InRange(0, 1));
        Assert.That(report.GetProperty("images").GetProperty("training").GetInt32(), Is.EqualTo(200));
        Assert.That(report.GetProperty("images").GetProperty("validation").GetInt32(), Is.EqualTo(100));
        Assert.That(File.ReadAllText(folder.File("out/report.html")), Does.Contain("resnet20-cifar"));
        Assert.That(
            string.Join('\n', output), Does.Contain("parameters").And.Contain("272,474").And.Contain("model.zip"));
        Assert.That(error.Count(line => line.Contains("images/s")), Is.EqualTo(2), "a line an epoch");

        var ml = new MLContext();
        var model = ml.Model.Load(folder.File("out/model.zip"), out _);
        using var engine = ml.Model.CreatePredictionEngine<PixelRow, Prediction>(model);
        var prediction = engine.Predict(new PixelRow { Image = ShapeImages.Render(1, 1) });
        Assert.That(prediction.Score, Has.Length.EqualTo(10));
        Assert.That(prediction.Score.Sum(), Is.EqualTo(1).Within(1e-4));
        Assert.That(Shapes.All.Select(s => s.Name), Does.Contain(prediction.PredictedLabel));
    }

    [Test]
    public void A_saved_plan_is_carried_out_by_another_run()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(100, 20));
        string[] common =
        [
            "train", "--network", "resnet8", "--data", data, "--epochs", "2", "--batch", "32", "--device", "cpu",
            "--threads", "1",
        ];
        var (first, _, error) = Pat.Run([
            .. common, "--policy", "epoch:1", "--prune-macs", "0.4", "--set",
            "pruning.limits.exclude=layer1.*,layer2.0.conv1", "--set", "pruning.roundTo=4", "--save-plan",
            folder.File("plan.json"),
            "--out",
            folder.File("one"),
        ]);
        Assert.That(first, Is.Zero, string.Join('\n', error));
        Assert.That(string.Join('\n', error), Does.Contain("Reachable ratios by MACs").And.Contain("half"));
        var (second, _, again) = Pat.Run([
            .. common, "--policy", "epoch:0", "--seed", "5", "--plan",
            folder.File("plan.json"),
            "--out",
            folder.File("two"),
        ]);
        Assert.That(second, Is.Zero, string.Join('\n', again));
        using var one = JsonDocument.Parse(File.ReadAllText(folder.File("one/report.json")));
        using var two = JsonDocument.Parse(File.ReadAllText(folder.File("two/report.json")));
        Assert.That(
            two.RootElement.GetProperty("widths").GetRawText(),
            Is.EqualTo(one.RootElement.GetProperty("widths").GetRawText()));
        Assert.That(
            TrainingRecipe.Read(folder.File("one/recipe.json")).Pruning.Target, Is.EqualTo(PruningTarget.Macs(0.4)));
        var (dense, compact) = (
            one.RootElement.GetProperty("dense").GetProperty("macs").GetInt64(),
            one.RootElement.GetProperty("compact").GetProperty("macs").GetInt64());
        Assert.That(compact, Is.LessThanOrEqualTo(0.6 * dense));
        foreach (var layer in new[] { "conv1", "layer1.0.conv1", "layer2.0.conv1" })
        {
            var widths = one.RootElement.GetProperty("widths").GetProperty(layer);
            Assert.That(widths[1].GetInt32(), Is.EqualTo(widths[0].GetInt32()), layer);
        }
    }

    [TestCase("--prune-channels must be a fraction between 0 and 1", "--prune-channels", "1")]
    [TestCase("--set takes a field and its value", "--set", "=3")]
    [TestCase("give one of them", "--prune-macs", "0.5", "--prune-channels", "0.5")]
    [TestCase("give one of them", "--plan", "x.json", "--prune-parameters", "0.5")]
    [TestCase("--prune-macs must be a fraction", "--prune-macs", "1")]
    [TestCase("pruning.limits.maxRatio is 0", "--set", "pruning.limits.maxRatio=0")]
    [TestCase("pruning.limits.minChannels is 0", "--set", "pruning.limits.minChannels=0")]
    [TestCase("pruning.iterativeEpochs is 0", "--set", "pruning.iterativeEpochs=0")]
    [TestCase("pruning.schedule is", "--set", "pruning.schedule=square")]
    [TestCase("no.json", "--plan", "no.json")]
    public void Targets_that_make_no_sense_are_refused(string message, params string[] arguments)
    {
        var (exitCode, _, error) = Pat.Run(["train", "--data", "shapes", .. arguments]);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(string.Join('\n', error), Does.Contain(message));
    }

    [Test]
    public void Without_pruning_there_is_no_compact_model()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, content) in Drawings.ClassFolders("data/", classes: 3, each: 30))
        {
            folder.Write(name, content);
        }

        var (exitCode, output, error) = Pat.Run(
            "train",
            "--data",
            folder.File("data"),
            "--epochs",
            "1",
            "--batch",
            "16",
            "--policy",
            "never",
            "--prune-channels",
            "0.3",
            "--device",
            "cpu",
            "--threads",
            "1",
            "--out",
            folder.File("out"));
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("out/report.json")));
        Assert.That(json.RootElement.GetProperty("pruneEpoch").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(json.RootElement.GetProperty("compact").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(json.RootElement.GetProperty("classes").GetArrayLength(), Is.EqualTo(3));
        Assert.That(string.Join('\n', output), Does.Contain("dense").And.Not.Contain("compact"));
    }

    [Test]
    public void Observations_replayed_through_the_indicator_give_the_prune_epoch()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        var (exitCode, _, error) = Pat.Run(
            "train",
            "--data",
            data,
            "--limit",
            "200",
            "--epochs",
            "3",
            "--batch",
            "8",
            "--set",
            "pruning.policy.tau=0.5",
            "--device",
            "cpu",
            "--threads",
            "1",
            "--out",
            folder.File("out"));
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));

        var report = RunReport.ReadJson(folder.File("out/report.json"));
        var indicator = new EarlyPruningIndicator();
        var policy = PruningPolicy.EarlyPruningIndicator(0.5);
        var seen = new List<PolicyObservation>();
        double? at = null;
        foreach (var observation in report.Observations)
        {
            var epi = indicator.Observe(observation.Counts);
            Assert.That(observation.Epi ?? double.NaN, Is.EqualTo(epi).Within(1e-12));
            seen.Add(new()
            {
                Epoch = observation.At, Epochs = int.MaxValue, Counts = observation.Counts, Kept = [],
                Epi = observation.Epi,
            });
            if (policy.Decide(seen).Prune)
            {
                at = observation.At;
                break;
            }
        }

        // A threshold this low fires before the deadline; should another processor's rounding shift the curve, the
        // deadline has to be named.
        Assert.That(report.PruneReason, Does.StartWith(at is null ? "deadline" : "stable"));
        Assert.That(report.PruneEpoch, Is.EqualTo((int)(at ?? report.Observations[^1].At)));
    }

    [Test]
    public void A_recipe_is_a_preset_or_a_file_changed_by_options_and_then_by_set()
    {
        using var folder = new TemporaryFolder();
        var options = TrainCommand.Options(
            "train", "--preset", "cifar", "--epochs", "7", "--set", "training.mixup=0.2", "--set", "training.epochs=9");
        var cifar = RecipePresets.Cifar;
        Assert.That(
            options.Hash, Is.EqualTo((cifar with { Training = cifar.Training with { Epochs = 9, Mixup = 0.2 } }).Hash));
        new TrainingRecipe { Seed = 5, Training = new() { Epochs = 3 } }.Write(folder.File("recipe.json"));
        options = TrainCommand.Options(
            "train", "--recipe", folder.File("recipe.json"), "--batch", "32", "--size", "64", "--prune-macs", "0.4");
        Assert.That((options.Seed, options.Training.Epochs, options.Training.BatchSize), Is.EqualTo((5, 3, 32)));
        Assert.That(
            (options.Images.Height, options.Images.Width, options.Pruning.Target),
            Is.EqualTo((64, 64, PruningTarget.Macs(0.4))));
    }

    [Test]
    public void Without_options_the_recipe_is_the_standard_one()
    {
        var options = TrainCommand.Options("train");
        Assert.That(options.Hash, Is.EqualTo(new TrainingRecipe().Hash));
        Assert.That(
            (options.TensorBoardFolder, options.Device, options.Threads),
            Is.EqualTo(((string?)null, ComputeDevice.Automatic, (int?)null)));
        Assert.That(TrainCommand.Options("train", "--tensorboard", "logs").TensorBoardFolder, Is.EqualTo("logs"));
    }

    [Test]
    public void A_gpu_that_is_not_there_is_named()
    {
        Assume.That(TorchSharp.torch.cuda.is_available(), Is.False, "needs a machine without a GPU");
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(100, 20));
        var (exitCode, _, error) =
            Pat.Run("train", "--data", data, "--epochs", "1", "--device", "cuda", "--out", folder.File("out"));
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error[^1], Does.StartWith("error: ").And.Contains("GPU").And.Contains("--device cpu"));
        Assert.That(error[^1], Does.Not.Contain("MLContext"));
    }

    [Test]
    public void Unreadable_images_are_skipped_counted_and_named()
    {
        using var folder = new TemporaryFolder();
        var training = Drawings.ClassFolders("data/train/", classes: 2, each: 40);
        var test = Drawings.ClassFolders("data/test/", classes: 2, each: 10);
        foreach (var (name, content) in training.Concat(test))
        {
            folder.Write(name, name.EndsWith("007.bmp", StringComparison.Ordinal) ? "no image"u8.ToArray() : content);
        }

        string[] train =
        [
            "train", "--data",
            folder.File("data"),
            "--epochs", "1", "--batch", "16", "--policy", "never", "--device", "cpu", "--threads", "1", "--out",
            folder.File("out"),
        ];
        var (exitCode, _, error) = Pat.Run([.. train, "--allow-unreadable", "0.2"]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        var images = RunReport.ReadJson(folder.File("out/report.json")).Images;
        Assert.That(error, Has.One.StartsWith($"skipped {images.UnreadableCount} unreadable images"));
        Assert.That(images.Unreadable, Has.Some.Contains("007.bmp"));
        Assert.That(
            error, Has.One.StartsWith("left out 2 unreadable test images: test/arrow/007.bmp, test/circle/007.bmp"));
        Assert.That(RunReport.ReadJson(folder.File("out/report.json")).Test!.Count, Is.EqualTo(18));

        (exitCode, _, error) = Pat.Run(train);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error[^1], Does.StartWith("error: ").And.Contains("007.bmp"));
    }

    [Test]
    public void Training_without_a_named_device_works_on_any_machine()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(100, 20));
        var (exitCode, _, error) = Pat.Run(
            "train", "--data", data, "--network", "resnet8", "--epochs", "1", "--batch", "32", "--policy", "never",
            "--threads", "1", "--out", folder.File("out"));
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
    }

    [Test]
    public async Task A_stopped_run_goes_on_with_the_same_command_and_resume()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        string[] train =
        [
            "train", "--data", data, "--limit", "100", "--network", "resnet8", "--epochs", "3", "--batch", "32",
            "--policy", "epoch:1", "--device", "cpu", "--threads", "1",
        ];
        Assert.That(Pat.Run([.. train, "--out", folder.File("whole")]).ExitCode, Is.Zero);

        // Stopped at its first checkpoint: the one at the end of the first epoch.
        using var cancellation = new CancellationTokenSource();
        await using var watcher = new Timer(
            _ =>
            {
                if (Directory.Exists(folder.File("out/checkpoints"))
                    && Directory.GetFiles(folder.File("out/checkpoints"), "*.checkpoint").Length > 0)
                {
                    cancellation.Cancel();
                }
            },
            null,
            0,
            1);
        var (exitCode, _, error) = Pat.Run(cancellation.Token, [.. train, "--out", folder.File("out")]);
        Assert.That(exitCode, Is.EqualTo(PatCommandLine.Stopped), string.Join('\n', error));
        Assert.That(error, Has.Some.Contains("--resume"));

        (exitCode, _, error) = Pat.Run([.. train, "--out", folder.File("out")]);
        Assert.That(exitCode, Is.EqualTo(1), "an unfinished run is not overwritten");
        Assert.That(error[^1], Does.Contain("--resume"));

        (exitCode, _, error) = Pat.Run([.. train, "--out", folder.File("out"), "--resume"]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        var (whole, resumed) =
            (RunReport.ReadJson(folder.File("whole/report.json")), RunReport.ReadJson(folder.File("out/report.json")));
        Assert.That(resumed.Epochs.Select(e => e.TrainLoss), Is.EqualTo(whole.Epochs.Select(e => e.TrainLoss)));
        Assert.That(resumed.Test!.Accuracy, Is.EqualTo(whole.Test!.Accuracy));
    }

    [Test]
    public void A_stopped_run_writes_what_there_is()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        cancellation.CancelAfter(TimeSpan.FromSeconds(3));
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        var (exitCode, _, error) = Pat.Run(
            cancellation.Token,
            "train",
            "--data",
            data,
            "--limit",
            "200",
            "--epochs",
            "100000",
            "--batch",
            "32",
            "--device",
            "cpu",
            "--threads",
            "1",
            "--out",
            folder.File("out"));
        Assert.That(exitCode, Is.EqualTo(PatCommandLine.Stopped), string.Join('\n', error));
        Assert.That(File.Exists(folder.File("out/model.zip")), Is.True);
        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("out/report.json")));
        Assert.That(json.RootElement.GetProperty("stopped").GetBoolean(), Is.True);
    }
}
