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
        Assert.That(error.Count(line => line.Contains("images/s")), Is.EqualTo(4), "a line an epoch of both runs");

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

    private static (int ExitCode, string[] Output, string[] Error) Run(TemporaryFolder folder, params string[] more)
    {
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        return Pat.Run([
            "quickstart", "--data", data, "--limit", "200", "--epochs", "2", "--batch", "32", "--policy", "epoch:0",
            "--device", "cpu", "--threads", "1", "--out",
            folder.File("out"),
            .. more,
        ]);
    }
}
