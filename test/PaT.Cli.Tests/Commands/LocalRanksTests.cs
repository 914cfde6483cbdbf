using System.Diagnostics;

namespace PaT.Cli.Tests;

/// <summary><c>train --workers</c>: this program several times over.</summary>
public sealed class LocalRanksTests
{
    private static readonly string[] s_train = ["train", "--network", "resnet8", "--images", "100", "--batch", "32", "--policy", "epoch:1", "--round-to", "1", "--device", "cpu", "--threads=2", "--workers", "2", "--sync-batch-norm"];

    [SetUp]
    public void Available()
    {
        if (!File.Exists(Path.Combine(TestContext.CurrentContext.TestDirectory, "libpat_native.so"))) Assert.Ignore("libpat_native.so is built where libtorch's and gloo's headers are");
    }

    [Test]
    public void Two_workers_leave_what_one_process_leaves_and_go_on_after_a_kill()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        var killed = false;
        using var killer = new Timer(_ =>
        {
            var checkpoints = folder.File("out/checkpoints");
            if (killed || !Directory.Exists(checkpoints) || Directory.GetFiles(checkpoints, "epoch-00002*").Length == 0 || RankOne() is not { } rank) return;
            killed = true;
            rank.Kill();
        }, null, 0, 20);
        var (exitCode, output, error) = Pat.Run([.. s_train, "--data", data, "--epochs", "12", "--max-restarts", "3", "--rank-timeout", "20", "--out", folder.File("out")]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(killed, Is.True);
        Assert.That(error, Has.Some.Contains("2 ranks on 1 machine share each batch of 32 pictures"));
        Assert.That(error, Has.Some.Contains("Rank 1 ").And.Some.Contains("(1 of 3 restarts)").And.Some.Contains("Going on at epoch"));
        var report = RunReport.ReadJson(folder.File("out/report.json"));
        Assert.That(report.Epochs, Has.Count.EqualTo(12));
        Assert.That(report.PruneEpoch, Is.EqualTo(1));
        Assert.That(report.Test, Is.Not.Null);
        Assert.That(string.Join('\n', output), Does.Contain("model.zip"));
    }

    [TestCase("--max-restarts", "2")]
    [TestCase("--sync-batch-norm")]
    [TestCase("--lr-scaling", "linear")]
    public void Options_for_several_processes_mean_nothing_for_one(params string[] options)
    {
        var (exitCode, _, error) = Pat.Run(["train", "--data", "shapes", .. options]);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error[^1], Does.Contain(options[0]).And.Contain("--workers"));
    }

    /// <summary>The second of the processes that this one has started.</summary>
    private static Process? RankOne()
    {
        foreach (var folder in Directory.GetDirectories("/proc").Where(f => int.TryParse(Path.GetFileName(f), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "environ")).Split('\0').Contains("RANK=1") && File.ReadAllText(Path.Combine(folder, "status")).Contains($"PPid:\t{Environment.ProcessId}\n", StringComparison.Ordinal))
                    return Process.GetProcessById(int.Parse(Path.GetFileName(folder)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // It has ended meanwhile.
            }
        }
        return null;
    }
}
