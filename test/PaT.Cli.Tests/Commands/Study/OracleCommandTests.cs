using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;

namespace PaT.Cli.Tests;

public sealed class OracleCommandTests
{
    [Test]
    public void A_whole_study_leaves_its_files_and_a_second_start_has_nothing_to_do()
    {
        using var folder = new TemporaryFolder();
        // The epoch that is timed before the first cell need not fit the milestones.
        var study = Study(
            folder, "--prune-channels", "0.5", "--criterion", "magnitude", "--at", "1", "--epochs", "3",
            "--set", "training.decay=steps", "--set", "training.milestones=[2]");
        var (exitCode, output, error) = Pat.Run(study);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        var csv = File.ReadAllLines(folder.File("ws/oracle.csv"));
        Assert.That(csv, Has.Length.EqualTo(4), "a header; dense, indicator and one epoch");
        Assert.That(csv[0], Does.StartWith("dataset,network,criterion,ratio,policy,prune_epoch,seed"));
        Assert.That(output, Has.Some.StartsWith("| magnitude | 0.5 | 1 |"));

        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("ws/oracle.json")));
        Assert.That(json.RootElement.GetProperty("cells").GetArrayLength(), Is.EqualTo(3));
        Assert.That(
            json.RootElement.GetProperty("settings").GetString(), Does.Contain("100 training and 40 test images"));
        var page = XDocument.Parse(File.ReadAllText(folder.File("ws/oracle.html"))["<!DOCTYPE html>".Length..]);
        Assert.That(page.Descendants("svg"), Is.Not.Empty);
        Assert.That(
            page.Descendants().Attributes().Where(a => a.Name == "src" || a.Name == "href"),
            Is.Empty,
            "nothing from elsewhere");

        (exitCode, _, error) = Pat.Run(study);
        Assert.That(exitCode, Is.Zero);
        Assert.That(error, Has.Some.StartsWith("oracle: 3 cells, 3 finished before"));
        Assert.That(error, Has.None.Contains("of the test images"));
    }

    [Test]
    public async Task A_study_that_is_stopped_while_it_is_timed_writes_its_tables()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new StoppingWriter("oracle: 3 cells", stop);
        var exitCode = await PatCommandLine.RunAsync(
            Study(folder, "--prune-channels", "0.5", "--criterion", "magnitude", "--at", "1"), output, error,
            stop.Token);
        Assert.That(exitCode, Is.EqualTo(PatCommandLine.Stopped), error.ToString());
        Assert.That(error.ToString(), Does.Contain("to continue: the same command").And.Not.Contain("error:"));
        Assert.That(File.ReadAllLines(folder.File("ws/oracle.csv")), Has.Length.EqualTo(1), "a header");
    }

    [Test]
    public void Impossible_cells_are_listed_and_nothing_runs()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, _, error) =
            Pat.Run(Study(folder, "--prune-channels", "0.5,0.99", "--criterion", "magnitude", "--at", "0,2,7"));
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(
            error[^1], Does.StartWith("error: 6 of 9 cells cannot run").And.Contains("epoch:7").And.Contains("99"));
        Assert.That(Directory.Exists(folder.File("ws/cells")), Is.False);
    }

    [TestCase("--at", "0,x")]
    [TestCase("--at", "1.5")]
    [TestCase("--prune-channels", "0.5,1.5")]
    [TestCase("--seeds", "0")]
    public void A_value_out_of_range_is_one_line(string option, string value)
    {
        var (exitCode, _, error) = Pat.Run("study", "oracle", option, value);
        Assert.That((exitCode, error.Length), Is.EqualTo((1, 1)));
        Assert.That(error[0], Does.StartWith($"error: {option} must be").And.Contains(value));
    }

    [Test, Category("Long")]
    public void A_study_that_was_killed_goes_on()
    {
        using var folder = new TemporaryFolder();
        var study = Study(folder, "--prune-channels", "0.5", "--criterion", "magnitude", "--at", "0,1");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pat.dll"), .. study])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using (var process = Process.Start(start)!)
        {
            var lines = new List<string>();
            while (!lines.Exists(l => l.Contains("of the test images")) && process.StandardError.ReadLine() is { } line)
            {
                lines.Add(line);
            }

            Assert.That(Pat.Run(study).Error[^1], Does.Contain("is in use by process"));
            process.Kill();
            process.WaitForExit();
            Assert.That(lines[^1], Does.Contain("of the test images"), string.Join('\n', lines));
        }

        var (exitCode, _, error) = Pat.Run(study);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(error, Has.Some.Matches("oracle: 4 cells, [1-3] finished before"));
    }

    private static string[] Study(TemporaryFolder folder, params string[] more)
    {
        var data = File.Exists(folder.File("shapes.tar.gz"))
            ? folder.File("shapes.tar.gz")
            : folder.Write("shapes.tar.gz", Drawings.BinaryArchive(250, 50));
        return
        [
            "study", "oracle", "--network", "resnet8", "--data", data, "--limit", "100", "--test-images", "40",
            .. more.Contains("--epochs") ? (string[])[] : ["--epochs", "2"], "--batch", "32",
            "--seeds", "1", "--parallel", "2", "--device", "cpu", "--out",
            folder.File("ws"),
            .. more,
        ];
    }
}
