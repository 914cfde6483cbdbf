using System.Text.Json;

namespace PaT.Cli.Tests;

/// <summary>Options of <c>pat train</c>, and runs that are stopped and resumed.</summary>
public sealed class TrainOptionsTests
{
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
    public void Missing_weights_of_a_recipe_are_named_by_its_field()
    {
        using var folder = new TemporaryFolder();
        var recipe = folder.Write("recipe.json", """{ "network": "resnet8", "weights": "none.safetensors" }""");
        var (exitCode, _, error) = Pat.Run("train", "--data", "shapes", "--recipe", recipe);
        Assert.That((exitCode, error.Length), Is.EqualTo((1, 1)));
        Assert.That(
            error[0],
            Is.EqualTo("error: the recipe's field weights names the file 'none.safetensors', which does not exist"));
    }

    [TestCase("--prune-channels must be a fraction between 0 and 1", "--prune-channels", "1")]
    [TestCase("--set takes a field and its value", "--set", "=3")]
    [TestCase("give one of them", "--prune-macs", "0.5", "--prune-channels", "0.5")]
    [TestCase("give one of them", "--plan", "x.json", "--prune-parameters", "0.5")]
    [TestCase("--prune-macs has no effect with --policy never", "--policy", "never", "--prune-macs", "0.5")]
    [TestCase("--criterion and --plan have no effect", "--policy", "Never", "--plan", "x.json", "--criterion", "l1")]
    [TestCase("--prune-macs must be a fraction", "--prune-macs", "1")]
    [TestCase("pruning.limits.maxRatio is 0", "--set", "pruning.limits.maxRatio=0")]
    [TestCase("pruning.limits.minChannels is 0", "--set", "pruning.limits.minChannels=0")]
    [TestCase("pruning.iterativeEpochs is 0", "--set", "pruning.iterativeEpochs=0")]
    [TestCase("pruning.schedule is", "--set", "pruning.schedule=square")]
    [TestCase("no.json", "--plan", "no.json")]
    public void Invalid_targets_are_errors(string message, params string[] arguments)
    {
        var (exitCode, _, error) = Pat.Run(["train", "--data", "shapes", .. arguments]);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(string.Join('\n', error), Does.Contain(message));
    }

    [Test]
    public void A_missing_gpu_is_an_error()
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
    public async Task A_stopped_run_resumes_by_the_same_command_and_resume()
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
    public void A_stopped_run_writes_its_results()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        cancellation.CancelAfter(TimeSpan.FromSeconds(3));
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        var (exitCode, _, error) = Pat.Run(
            cancellation.Token, "train", "--data", data, "--limit", "200", "--epochs", "100000", "--batch", "32",
            "--device", "cpu", "--threads", "1", "--out", folder.File("out"));
        Assert.That(exitCode, Is.EqualTo(PatCommandLine.Stopped), string.Join('\n', error));
        Assert.That(File.Exists(folder.File("out/model.zip")), Is.True);
        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("out/report.json")));
        Assert.That(json.RootElement.GetProperty("stopped").GetBoolean(), Is.True);
    }
}
