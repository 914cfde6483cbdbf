using System.Text.Json;

namespace PaT.Cli.Tests;

public sealed class SweepCommandTests
{
    [Test]
    public void A_sweep_prints_its_front_writes_its_files_and_does_nothing_twice()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(100, 20));
        string[] arguments =
        [
            "sweep", "--data", data, "--network", "resnet8", "--epochs", "2", "--batch", "32", "--policy", "epoch:1",
            "--criterion", "magnitude", "--set", "pruning.roundTo=1", "--device", "cpu", "--threads", "1", "--ratios",
            "0.3,0.6", "--learning-rates", "1e30,0.1", "--out",
            folder.File("out"),
        ];
        var (exitCode, output, error) = Pat.Run(arguments);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(error.Count(line => line.Contains("Finished, accuracy")), Is.EqualTo(2), "a line a trial");
        Assert.That(
            error.Count(line => line.StartsWith("no result: trial", StringComparison.Ordinal)),
            Is.EqualTo(2),
            "those with a rate that no run survives");
        Assert.That(
            string.Join('\n', output),
            Does.Contain("Pareto front of 4 trials").And.Contain("best: trial").And.Contain("of the test images"));

        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("out/sweep.json")));
        var trials = json.RootElement.GetProperty("trials").EnumerateArray().ToList();
        Assert.That(
            trials.Select(t => t.GetProperty("state").GetString()),
            Is.EqualTo((string[])["failed", "finished", "failed", "finished"]));
        Assert.That(
            trials.Select(t => t.GetProperty("values").GetProperty("Ratio").GetString()),
            Is.EqualTo((string[])["0.3", "0.3", "0.6", "0.6"]));
        Assert.That(trials.Count(t => t.GetProperty("onFront").GetBoolean()), Is.InRange(1, 2));
        Assert.That(json.RootElement.GetProperty("test").GetDouble(), Is.InRange(0, 1));
        var csv = File.ReadAllLines(folder.File("out/sweep.csv"));
        Assert.That(
            csv[0],
            Is.EqualTo(
                "trial,id,state,ratio,learningrate,epochs,accuracy,latency_ms,macs,parameters,seconds,on_front,error"));
        Assert.That(csv, Has.Length.EqualTo(5));
        Assert.That(Pat.Run("evaluate", "--model", folder.File("out/model.pat"), "--data", data).ExitCode, Is.Zero);

        var before =
            File.GetLastWriteTimeUtc(folder.File($"out/trials/{trials[1].GetProperty("id").GetString()}/model.pat"));
        Assert.That(Pat.Run(arguments).ExitCode, Is.Zero);
        Assert.That(
            File.GetLastWriteTimeUtc(folder.File($"out/trials/{trials[1].GetProperty("id").GetString()}/model.pat")),
            Is.EqualTo(before),
            "a finished trial is skipped");
    }

    [Test]
    public void Halving_and_ranges_go_through_the_command_line_and_a_stop_keeps_what_there_is()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(60, 20));
        string[] arguments =
        [
            "sweep", "--data", data, "--network", "resnet8", "--epochs", "2", "--batch", "32", "--device", "cpu",
            "--threads", "1", "--set", "pruning.roundTo=1", "--criteria", "magnitude,l1", "--policies", "epoch:1,never",
            "--ratios", "0.2..0.6", "--learning-rates", "0.01..0.1", "--strategy", "bayesian", "--trials", "3",
            "--halving-epochs", "1", "--halving-factor", "2", "--out",
            folder.File("out"),
        ];
        using (var stopped = new CancellationTokenSource(TimeSpan.Zero))
        {
            Assert.That(Pat.Run(stopped.Token, arguments).ExitCode, Is.EqualTo(PatCommandLine.Stopped));
        }

        var (exitCode, _, error) = Pat.Run(arguments);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("out/sweep.json")));
        Assert.That(
            json.RootElement.GetProperty("trials")
                .EnumerateArray()
                .Select(t => t.GetProperty("state").GetString())
                .Order(),
            Is.EqualTo((string[])["finished", "paused", "paused"]));
    }

    [Test]
    public async Task A_search_that_is_stopped_leaves_the_results_of_a_finished_one()
    {
        using var folder = new TemporaryFolder();
        var sweep = Search(folder);
        var (exitCode, _, lines) = Pat.Run([.. sweep, "--ratios", "0.3,0.6"]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', lines));
        var before = Results(folder);
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new StoppingWriter("Finished, accuracy", stop);
        exitCode = await PatCommandLine.RunAsync([.. sweep, "--ratios", "0.4,0.5"], output, error, stop.Token);
        Assert.That(exitCode, Is.EqualTo(PatCommandLine.Stopped), error.ToString());
        Assert.That(error.ToString(), Does.Contain("out keeps the results of the earlier search, which was finished"));
        Assert.That(output.ToString(), Does.Not.Contain("written:"));
        Assert.That(Results(folder), Is.EqualTo(before));

        (exitCode, _, lines) = Pat.Run([.. sweep, "--ratios", "0.4,0.5"]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', lines));
        Assert.That(File.ReadAllText(folder.File("out/sweep.json")), Does.Contain("0.4").And.Contain("false"));
        Assert.That(Results(folder), Is.Not.EqualTo(before));
    }

    [Test]
    public void A_search_without_a_finished_trial_leaves_no_model_of_an_earlier_one()
    {
        using var folder = new TemporaryFolder();
        var sweep = Search(folder);
        var (exitCode, _, error) = Pat.Run([.. sweep, "--ratios", "0.3", "--learning-rates", "0.1"]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(File.Exists(folder.File("out/model.pat")), Is.True);
        (exitCode, _, error) = Pat.Run([.. sweep, "--ratios", "0.3", "--learning-rates", "1e30"]);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Has.Some.StartsWith("no result: trial 1"));
        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("out/sweep.json")));
        Assert.That(json.RootElement.GetProperty("best").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(File.Exists(folder.File("out/model.pat")), Is.False);
    }

    private static string[] Search(TemporaryFolder folder) =>
    [
        "sweep", "--data", folder.Write("shapes.tar.gz", Drawings.BinaryArchive(60, 20)), "--network", "resnet8",
        "--epochs", "1", "--batch", "32", "--policy", "epoch:0", "--criterion", "magnitude", "--set",
        "pruning.roundTo=1", "--device", "cpu", "--threads", "1", "--out", folder.File("out"),
    ];

    private static List<string> Results(TemporaryFolder folder) =>
    [
        .. new[] { "sweep.csv", "sweep.json", "model.pat" }
            .Select(name => Convert.ToHexString(File.ReadAllBytes(folder.File($"out/{name}")))),
    ];

    [TestCase(
        "--learning-rates is -1; --ratios is 1.5", "--ratios", "0.5,1.5", "--learning-rates", "-1,0.1")]
    [TestCase("--ratios goes from 0.6 to 0.2", "--ratios", "0.6..0.2")]
    [TestCase("--ratios must be numbers", "--ratios", "some")]
    [TestCase("--criteria is \"weight\"; it must be one of taylor", "--criteria", "weight")]
    [TestCase("There is no network 'resnet21'", "--networks", "resnet20,resnet21")]
    [TestCase("--policies is \"soon\"", "--policies", "soon")]
    [TestCase("--trials has no meaning", "--trials", "5")]
    [TestCase("--halving-factor has no effect without --halving-epochs", "--halving-factor", "4")]
    [TestCase("--search-seed has no effect with --strategy grid and without --folds", "--search-seed", "3")]
    [TestCase("--ratios has no effect, because --policy never prunes", "--policy", "never", "--ratios", "0.3,0.5")]
    [TestCase("--criteria has no effect, because --policies never", "--policies", "never", "--criteria", "l1,l2")]
    [TestCase("no option varies, and the default, --ratios, has no effect without pruning", "--policy", "never")]
    [TestCase("--criterion has no effect with --criteria", "--criterion", "l2", "--criteria", "l1,taylor")]
    [TestCase("--policy has no effect with --policies", "--policy", "init", "--policies", "epi,never")]
    [TestCase("--network has no effect with --networks", "--network", "resnet8", "--networks", "resnet20,resnet32")]
    [TestCase("--lr has no effect with --learning-rates", "--lr", "0.1", "--learning-rates", "0.1,0.2")]
    [TestCase(
        "--set pruning.criterion has no effect with --criteria", "--set", "pruning.criterion=l2", "--criteria",
        "l1,taylor")]
    [TestCase("--folds must be", "--folds", "1")]
    [TestCase("--minutes must be", "--minutes", "0")]
    [TestCase("at most 70560 (49 days)", "--minutes", "70561")]
    [TestCase("--halving-epochs is 30", "--halving-epochs", "30")]
    public void What_makes_no_sense_is_refused_in_one_line_before_the_first_trial(
        string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(20, 10));
        var (exitCode, _, error) = Pat.Run(["sweep", "--data", data, "--out", folder.File("out"), .. arguments]);
        Assert.That((exitCode, error.Length), Is.EqualTo((1, 1)), "no image is read");
        foreach (var part in message.Split("; ")) Assert.That(error[^1], Does.StartWith("error: ").And.Contains(part));
        Assert.That(Directory.Exists(folder.File("out/trials")), Is.False);
    }
}
