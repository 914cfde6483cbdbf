using System.Diagnostics;

namespace PaT.Cli.Tests;

/// <summary>The results in a folder: whole, of one run, and unchanged until new ones are complete.</summary>
public sealed class ResultsTests
{
    private static readonly string s_pat = Path.Combine(AppContext.BaseDirectory, "pat.dll");

    private TemporaryFolder _folder = null!;
    private string[] _train = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        foreach (var (name, content) in Drawings.ClassFolders("data/", classes: 2, each: 20))
            _folder.Write(name, content);
        _train =
        [
            "train", "--data", _folder.File("data"), "--network", "resnet8", "--batch", "8", "--policy", "epoch:1",
            "--device", "cpu", "--threads", "1", "--out", _folder.File("out"),
        ];
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Resume_says_where_nothing_was_found_and_leaves_a_finished_run_alone()
    {
        var (exitCode, _, error) = Pat.Run([.. _train, "--epochs", "2", "--resume"]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(error, Has.One.Contains("There is no checkpoint in").And.One.Contains("starts from the beginning"));
        var before = Contents();
        (exitCode, var output, error) = Pat.Run([.. _train, "--epochs", "2", "--resume"]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(output[^1], Does.EndWith("is finished, and its results are there: nothing was changed"));
        Assert.That(error, Has.One.Contains("The run is finished, after 2 epochs"));
        Assert.That(error, Has.None.Contains("testing with"));
        Assert.That(Contents(), Is.EqualTo(before));

        (exitCode, _, error) = Pat.Run([.. _train, "--epochs", "3", "--resume"]);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(
            error[^1], Does.Contain(_folder.File("out")).And.Contain("training.epochs was 2 and is 3"), "another run");

        // Killed while it wrote its results: they are completed, without the files of the killed run.
        _folder.Write("out/.unfinished/foreign", "x");
        File.Delete(_folder.File("out/model.pat"));
        Assert.That(Pat.Run([.. _train, "--epochs", "2", "--resume"]).ExitCode, Is.Zero);
        Assert.That(File.Exists(_folder.File("out/model.pat")));
        Assert.That(File.Exists(_folder.File("out/foreign")), Is.False);
    }

    [Test]
    public void Results_that_cannot_be_written_can_be_written_later_without_training()
    {
        var training = Task.Run(() => Pat.Run([.. _train, "--epochs", "2"]));
        Assert.That(() => Directory.Exists(_folder.File("out/checkpoints")), Is.True.After(60_000, 10));
        var inTheWay = Directory.CreateDirectory(_folder.File("out/model.zip"));
        var (exitCode, _, error) = training.Result;
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error[^1], Does.StartWith("error: ").And.Contain("model.zip").And.Contain("--resume"));
        Assert.That(error[^2], Is.EqualTo($"{_folder.File("out")} has only compact.onnx, model.pat of this run"));
        inTheWay.Delete();
        (exitCode, _, error) = Pat.Run([.. _train, "--epochs", "2", "--resume"]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(error, Has.One.Contains("nothing is left to train"));
        Assert.That(File.Exists(_folder.File("out/model.zip")));
    }

    [Test]
    public void A_new_run_that_is_stopped_leaves_the_finished_results_whole()
    {
        Assert.That(Pat.Run([.. _train, "--epochs", "2"]).ExitCode, Is.Zero);
        var before = Contents();
        using var atOnce = new CancellationTokenSource();
        atOnce.CancelAfter(TimeSpan.FromSeconds(2));
        var (exitCode, _, error) = Pat.Run(atOnce.Token, [.. _train, "--epochs", "90000"]);
        Assert.That(exitCode, Is.EqualTo(PatCommandLine.Stopped), string.Join('\n', error));
        Assert.That(error, Has.One.Contains("keeps the results of the earlier run, which was finished"));
        Assert.That(Contents(), Is.EqualTo(before));
    }

    [Test]
    public void The_recipe_of_a_run_states_what_the_run_chose()
    {
        var train = _train.Where(a => a is not ("--network" or "resnet8"));
        var (exitCode, _, error) = Pat.Run([.. train, "--epochs", "1", "--set", "pruning.policy=never"]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(
            error,
            Has.One.EndsWith(
                "No network is given, and the images have 32x32 pixels: resnet20-cifar is trained on 32x32 pixels."));
        var text = File.ReadAllText(_folder.File("out/recipe.json"));
        Assert.That(text, Does.Not.Contain("null"));
        var recipe = TrainingRecipe.Read(_folder.File("out/recipe.json"));
        Assert.That(
            (recipe.Network, recipe.Images.Height, recipe.Training.LearningRate),
            Is.EqualTo((Networks.ResNet20, 32, 0.2)));
        Assert.That(RunReport.ReadJson(_folder.File("out/report.json")).Network, Is.EqualTo("resnet20-cifar"));
    }

    [TestCase("TERM", PatCommandLine.Terminated)]
    [TestCase("INT", PatCommandLine.Stopped)]
    [TestCase("HUP", 129)]
    public void A_signal_gives_the_exit_code_of_shells_and_an_epoch_that_is_marked(string signal, int expected)
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("signals are those of Unix");
        using var process = Start([.. _train, "--epochs", "100000", "--set", "pruning.policy=never"]);
        var lines = new List<string>();
        while (process.StandardError.ReadLine() is { } line)
        {
            lines.Add(line);
            if (!line.Contains("epoch  1 ", StringComparison.Ordinal)) continue;
            if (Ignores(process, signal))
            {
                process.Kill();
                Assert.Ignore($"the tests were started in the background or by nohup, and ignore SIG{signal}");
            }
            Process.Start("kill", [$"-{signal}", $"{process.Id}"]).WaitForExit();
            lines.AddRange(process.StandardError.ReadToEnd().Split('\n'));
        }
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(expected), string.Join('\n', lines));
        Assert.That(lines, Has.Some.Contains("--resume").And.Some.EqualTo("writing what is finished"));
        Assert.That(lines, Has.Some.EqualTo("stopping; Ctrl-C again ends the program immediately"));
        Assert.That(lines.Count(l => l.Contains("(stopped within it)")), Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void A_full_disk_behind_standard_output_is_named()
    {
        if (!File.Exists("/dev/full")) Assert.Ignore("needs /dev/full");
        var model = _folder.File("model.pat");
        Assert.That(
            Pat.Run("prune", "--network", "resnet8", "--prune-channels", "0", "--out", model).ExitCode, Is.Zero);
        var image = Directory.GetFiles(_folder.File("data"), "*.bmp", SearchOption.AllDirectories)[0];
        using var process = Process.Start(new ProcessStartInfo(
            "sh", ["-c", $"dotnet {s_pat} predict --model {model} {image} > /dev/full"])
        {
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(1));
        Assert.That(error, Does.StartWith("error: cannot write to standard output").And.Not.Contain(image));
    }

    [Test]
    public void A_terminal_that_closes_does_not_stop_a_run_under_nohup()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("signals are those of Unix");
        using var process = Start("nohup", ["dotnet", s_pat, .. _train, "--epochs", "2"]);
        var lines = new List<string>();
        while (process.StandardError.ReadLine() is { } line)
        {
            lines.Add(line);
            if (line.Contains("epoch  0 ", StringComparison.Ordinal))
                Process.Start("kill", ["-HUP", $"{process.Id}"]).WaitForExit();
        }
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, string.Join('\n', lines));
    }

    /// <summary>Whether a process ignores a signal; false where that is unknown.</summary>
    private static bool Ignores(Process process, string signal)
    {
        var number = signal switch { "HUP" => 1, "INT" => 2, _ => 15 };
        var status = $"/proc/{process.Id}/status";
        if (!File.Exists(status)) return false;
        var ignored = File.ReadLines(status).First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) >> (number - 1) & 1) != 0;
    }

    private static Process Start(string[] arguments) => Start("dotnet", [s_pat, .. arguments]);

    private static Process Start(string program, string[] arguments) => Process.Start(
        new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;

    [TestCase("train")]
    [TestCase("quickstart")]
    [TestCase("sweep")]
    public void A_second_command_in_the_folder_is_refused_while_the_first_one_runs(string command)
    {
        using (ResultFolder.Open(_folder.File("out")))
        {
            var (exitCode, _, error) =
                Pat.Run(command, "--data", _folder.File("data"), "--epochs", "1", "--out", _folder.File("out"));
            Assert.That((exitCode, error.Length), Is.EqualTo((1, 1)), "nothing was read");
            Assert.That(error[0], Does.StartWith($"error: The folder {_folder.File("out")} is in use by process"));
        }
        using var next = ResultFolder.Open(_folder.File("out"));
    }

    // Without the lock, which each command takes.
    private SortedDictionary<string, string> Contents() => new(Directory.GetFiles(_folder.File("out"))
        .Where(f => !Path.GetFileName(f).StartsWith(".lock", StringComparison.Ordinal))
        .ToDictionary(f => f, f => $"{File.GetLastWriteTimeUtc(f):O} {Convert.ToHexString(File.ReadAllBytes(f))}"));
}
