namespace PaT.Cli.Tests;

public sealed class QuickstartCommandTests
{
    [Test]
    public void It_compares_with_the_dense_run_and_predicts_ten_images_with_the_saved_model()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, error) = Run(folder);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(error, Has.Some.StartsWith("data: CIFAR-10, 10 classes"));
        Assert.That(error, Has.One.StartsWith("pruning-aware").And.One.StartsWith("dense reference"));
        Assert.That(error.Count(line => line.Contains("img/s")), Is.EqualTo(4), "a line an epoch of both runs");

        var accuracy =
            output.Single(line => line.Contains("test accuracy")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(accuracy[^3..], Has.None.EqualTo("-"), "dense, compact and their difference");
        Assert.That(output, Has.One.StartsWith("pruned in epoch 0: "));
        Assert.That(
            output.Count(line =>
                line.TrimEnd().EndsWith("right", StringComparison.Ordinal)
                || line.TrimEnd().EndsWith("wrong", StringComparison.Ordinal)),
            Is.EqualTo(10));
        foreach (var file in (string[])["model.zip", "report.json", "report.html"])
        {
            Assert.That(File.Exists(folder.File($"out/{file}")), Is.True, file);
        }
    }

    [Test]
    public void Without_the_reference_the_dense_accuracy_stays_open()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, error) = Run(folder, "--no-reference");
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(error, Has.None.StartsWith("dense reference"));
        Assert.That(
            output.Single(line => line.Contains("test accuracy")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^3],
            Is.EqualTo("-"));
    }

    [Test]
    public void Without_pruning_there_is_nothing_to_compare_with()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, error) = Run(folder, "--policy", "never");
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(error, Has.One.EqualTo("training on 200 images for 2 epochs, without pruning"));
        Assert.That(error, Has.None.StartsWith("dense reference"));
        Assert.That(output, Has.One.EqualTo("nothing was pruned"));
    }

    [Test]
    public void A_retrained_network_is_compared_by_the_epochs_of_both_runs()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, _, error) =
            Run(folder, "--network", "resnet8", "--policy", "after", "--retrain-epochs", "1", "--set",
                "pruning.roundTo=1");
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(
            error,
            Has.One.EqualTo(
                "training on 200 images for 2 epochs, removing 50% of the channels, and retraining for 1 more"));
        Assert.That(
            File.ReadAllText(folder.File("out/report.html")),
            Does.Contain("the same images and seed, of 2 epochs (the pruned run has 3), never pruned"));
    }

    [Test]
    public void A_plan_says_what_is_removed()
    {
        using var folder = new TemporaryFolder();
        var recipe = folder.File("recipe.json");
        var plan = new PruningPlan(new Dictionary<string, int[]> { ["layer1.0.conv1"] = [0, 1, 2] });
        new TrainingRecipe { Network = Networks.ByName("resnet8"), Pruning = new() { Plan = plan } }.Write(recipe);
        var (_, _, error) = Run(folder, "--recipe", recipe, "--no-reference");
        Assert.That(
            error,
            Has.One.EqualTo("training on 200 images for 2 epochs, removing the channels that the plan leaves out"));
    }

    private static (int ExitCode, string[] Output, string[] Error) Run(TemporaryFolder folder, params string[] more)
    {
        string[] policy = more.Contains("--policy") ? [] : ["--policy", "epoch:0"];
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        return Pat.Run([
            "quickstart", "--data", data, "--limit", "200", "--epochs", "2", "--batch", "32", "--device", "cpu",
            "--threads", "1", "--out",
            folder.File("out"),
            .. policy, .. more,
        ]);
    }
}
