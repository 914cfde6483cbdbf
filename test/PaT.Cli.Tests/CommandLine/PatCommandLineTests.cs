using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PaT.Cli.Tests;

public sealed class PatCommandLineTests
{
    [TestCase("train --epochs 0", "--epochs is 0; it must be at least 1")]
    [TestCase("train --epochs ten", "--epochs is \"ten\"; it must be")]
    [TestCase("train --prune-channels 0", "--prune-channels must be a fraction")]
    [TestCase("train --prune-channels 1", "between 0 and 1, both excluded")]
    [TestCase("train --prune-channels NaN", "between 0 and 1, both excluded")]
    [TestCase("train --lr 0", "--lr is 0; it must be greater than 0")]
    [TestCase("train --lr Infinity", "--lr")]
    [TestCase("train --batch 1", "--batch is 1; it must be 2 to 65536 images")]
    [TestCase("train --size 0", "--size is 0; it must be 1 to 4096")]
    [TestCase("train --optimizer adam", "it must be one of sgd, adamw, lars")]
    [TestCase("train --criterion taste", "taste")]
    [TestCase(
        "train --policy sometimes",
        "--policy is \"sometimes\"; it must be one of epi, early-bird, init, after, never, epoch:N")]
    [TestCase("train --policy epoch:-1", "--policy is \"epoch:-1\"")]
    [TestCase("train --policy epoch:x", "N is a number of dense epochs, such as epoch:3")]
    [TestCase(
        "train --policy epoch:5 --epochs 5",
        "--policy prunes after 5 epochs; it must be 0 to 4, fewer than --epochs (5)")]
    [TestCase("train --policy after", "no epochs to retrain are given; set --retrain-epochs")]
    [TestCase("train --retrain lrw --retrain-epochs 31", "replays the last epochs")]
    [TestCase("train --retrain warm", "warm")]
    [TestCase("train --retrain-epochs 0", "--retrain-epochs is 0; it must be at least 1")]
    [TestCase("train --recipe nowhere.json", "--recipe is 'nowhere.json'; there is no such file")]
    [TestCase("train --plan nowhere.json", "--plan is 'nowhere.json'; there is no such file")]
    [TestCase("train --start-from nowhere", "--start-from is 'nowhere'; there is no such file")]
    [TestCase("study indicator --counts nowhere.json", "--counts is 'nowhere.json'; there is no such file")]
    [TestCase("train --weights resnet18@foo", "there are no weights 'resnet18@foo'; known are resnet18@torchvision")]
    [TestCase("train --rank-timeout 5", "--rank-timeout has no effect on one process")]
    [TestCase("inspect sensitivity --network resnet20", "--weights FILE is missing")]
    [TestCase("sweep --networks resnet20,nope", "'pat inspect networks' lists all")]
    [TestCase("study oracle --set pruning.policy.tau=0.9", "--set pruning.policy.tau has no effect")]
    [TestCase("study oracle --set SEED=5", "--set SEED has no effect")]
    [TestCase("study oracle --set pruning.retraining.schedule=clr", "the recipe has pruning.retraining")]
    [TestCase("train --allow-unreadable 0,01", "--allow-unreadable must be 0 to 1, but is '0,01'")]
    [TestCase("sweep --minutes 1,5", "--minutes must be greater than 0, at most 70560 (49 days), but is '1,5'")]
    [TestCase("study schedule --name clr --peak 0,1", "--peak must be greater than 0, but is '0,1'")]
    [TestCase("train --limit 1e3", "--limit must be at least 1, but is '1e3'")]
    [TestCase("prune --network resnet8 --prune-channels 0.5 --out ", "there is an empty argument after '--out'")]
    [TestCase("", "there is an empty argument at the start")]
    [TestCase(
        "train --set training.milestones=[2] --set training.decay=steps --epochs 1",
        "at least 1 and less than --epochs (1)")]
    [TestCase(
        "train --set training.onDivergence=roll-back --set training.milestones=[2]",
        "empty unless training.decay is steps (--set training.decay=steps)")]
    [TestCase("train --limit 0", "--limit must be at least 1")]
    [TestCase("train --threads 0", "--threads must be at least 1")]
    [TestCase("train --image-memory NaN", "--image-memory must be at least 0")]
    [TestCase("train --keep-checkpoints 0", "--keep-checkpoints must be at least 1")]
    [TestCase("train --device tpu", "tpu")]
    [TestCase("train --network lenet", "There is no network 'lenet'. 'pat inspect networks' lists all")]
    [TestCase("train --network resnt18", "There is no network 'resnt18'. Did you mean resnet18?")]
    [TestCase("train --seed", "--seed")]
    [TestCase("train --seed x", "--seed is \"x\"")]
    [TestCase("train --set mixup", "--set takes a field and its value")]
    [TestCase("train --set training.mixup=20", "training.mixup is 20; it must be 0 to 10")]
    [TestCase("train --set training.mixupp=0.2", "Did you mean training.mixup")]
    [TestCase("train --set training.classWeights=slow", "it must be one of none, balanced")]
    [TestCase("train --epoch 3", "pat train has no '--epoch'. Did you mean --epochs?")]
    [TestCase("trian", "pat has no 'trian'. Did you mean train?")]
    [TestCase("trian --data x --epochs 3", "error: pat has no 'trian'. Did you mean train? (see: pat --help)")]
    [TestCase("study orcale --out x", "error: pat study has no 'orcale'. Did you mean oracle? (see: pat study --help)")]
    [TestCase("inspect --network x", "error: pat inspect has no '--network'. Did you mean network?")]
    [TestCase("predict --modl m.pat x.jpg", "pat predict has no '--modl'. Did you mean --model?")]
    [TestCase("study", "pat study needs one of oracle, retraining, compare, indicator, schedule")]
    [TestCase("train --network resnet20-cifr", "Did you mean resnet20-cifar?")]
    [TestCase("train --policy early-brid", "Did you mean early-bird?")]
    [TestCase("train --criterion talyor", "Did you mean taylor?")]
    [TestCase("train --bach 3", "error: pat train has no '--bach'. Did you mean --batch? (see: pat train --help)")]
    [TestCase("version", "error: pat has no 'version'. Did you mean --version? (see: pat --help)")]
    [TestCase("train --device gpu", "--device must be one of cpu, cuda, but is 'gpu'")]
    [TestCase(
        "sweep --strategy gird",
        "--strategy must be one of grid, random, bayesian, but is 'gird'. Did you mean grid?")]
    [TestCase("export --model m.pat --out x.onnx --input byte", "Did you mean bytes?")]
    [TestCase("export --model m.pat --out x.txt", "--out must end with .onnx, but is 'x.txt'")]
    [TestCase("train --network resnet21", "Did you mean resnet20?")]
    [TestCase("train --network no.json", "there is no file no.json")]
    [TestCase("train --weights {out}", "--weights names '{out}', which is a folder; give a file in it")]
    [TestCase("train --weights resnt18@torchvision", "Did you mean resnet18@torchvision?")]
    [TestCase("train --network no.onnx", "there is no file no.onnx")]
    [TestCase("prune --network resnet8 --prune-macs 0.9999 --out {out}/x.pat", "steps of 1. Lower --prune-macs")]
    [TestCase("train --preset cifra", "Did you mean cifar?")]
    [TestCase("prune --network resnet8 --prune-channels 0.5 --criterion l3 --out x.pat", "Did you mean l1?")]
    [TestCase("train --recipe {out}", "{out} is a folder; give a file in it")]
    [TestCase("train --plan {out}", "{out} is a folder; give a file in it")]
    [TestCase("evaluate --model {out}", "{out} is a folder: give the model.zip or model.pat in it")]
    [TestCase("prune --network resnet8 --prune-channels 0.5 --out {out}/no/x.pat", "there is no folder {out}/no")]
    [TestCase("prune --network resnet8 --prune-channels 0.5 --out {out}/no/x.onnx", "there is no folder {out}/no")]
    [TestCase("train --set training.gradientAccumulationSteps=256 --batch 128", "at most --batch, 128")]
    [TestCase("train --set pruning.policy.tau=7", "pruning.policy.tau is 7")]
    [TestCase("train --preset mnist", "There is no preset 'mnist'. Known: cifar, photos, finetune")]
    [TestCase("train --preset cifar --recipe r.json", "--recipe and --preset each say which recipe to start from")]
    [TestCase("train --recipe /no/such/file", "/no/such/file")]
    [TestCase("train --reset-classifier", "--reset-classifier needs given weights")]
    [TestCase("train --max-restarts 2", "--max-restarts has no effect on one process")]
    [TestCase("train --data /no/such/folder --out {out}", "/no/such/folder")]
    [TestCase("study indicator", "give either --curve FILE --tau X or --counts FILE")]
    [TestCase("study indicator --curve x.json", "--curve needs --tau X")]
    [TestCase("study indicator --curve /no/such/file --tau 0.9", "/no/such/file")]
    [TestCase("study schedule --epochs 72 --steps 10", "--name")]
    [TestCase("study schedule --name warm --epochs 72 --steps 10", "warm")]
    [TestCase("study schedule --name clr --epochs 0 --steps 10", "--epochs must be at least 1")]
    [TestCase("study schedule --name clr --epochs 72 --steps 0", "--steps must be at least 1")]
    [TestCase("study schedule --name clr --epochs 72 --steps 10 --peak 0", "--peak must be greater than 0")]
    [TestCase("study schedule --name ft --epochs 72 --steps 10 --low 0.2", "--low must be at most --peak")]
    [TestCase("study schedule --name ft --epochs 72 --steps 10 --final 0.01", "--final has no meaning with ft; ")]
    [TestCase(
        "study schedule --name lrw --epochs 161 --steps 10",
        "--epochs is 161; learning-rate rewinding replays the last epochs of the original run, which has 160")]
    [TestCase(
        "study schedule --name lrw --epochs 72 --steps 10 --drops 120,80",
        "--drops must be ascending epochs of the run, 1 to 159")]
    [TestCase("study schedule --name lrw --epochs 72 --steps 10 --drops 80,x", "--drops")]
    [TestCase(
        "study schedule --name lrw --epochs 72 --steps 10 --original-epochs 100",
        "--drops must be ascending epochs of the run, 1 to 99")]
    [TestCase("fly", "fly")]
    [TestCase("--fly", "--fly")]
    public void What_is_wrong_takes_one_line(string line, string expected)
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, error) = Pat.Run(line.Replace("{out}", folder.Path).Split(' '));
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Is.Empty);
        Assert.That(error, Has.Length.EqualTo(1));
        Assert.That(error[0], Does.StartWith("error: ").And.Contains(expected.Replace("{out}", folder.Path)));
    }

    [TestCase("--halving-epochs 40", "--halving-epochs is 40; it must be at least 1 and fewer than the 30 epochs")]
    [TestCase("--ratios 0.5,2", "--ratios")]
    [TestCase("--trials 5 --strategy random --learning-rates 0..1", "--learning-rates")]
    [TestCase("--epochs 1 --halving-epochs 1", "--halving-epochs is 1")]
    public void Sweeps_name_the_options_that_are_wrong(string line, string expected)
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, content) in Drawings.ClassFolders("data/", classes: 2, each: 5))
            folder.Write(name, content);
        var (exitCode, _, error) = Pat.Run(
            ["sweep", "--data", folder.File("data"), "--out", folder.File("out"), .. line.Split(' ')]);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Has.Length.EqualTo(1), "no image is read");
        Assert.That(error[^1], Does.StartWith("error: ").And.Contains(expected).And.Not.Contain("Space."));
        Assert.That(Directory.Exists(folder.File("out")), Is.False);
    }

    [Test]
    public void A_folder_that_cannot_be_written_to_is_found_before_training()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("file", "in the way");
        foreach (var output in (string[])[file, Path.Combine(file, "below", "it")])
        {
            foreach (var command in (string[])["train", "quickstart", "sweep", "study oracle"])
            {
                var (exitCode, _, error) = Pat.Run([.. command.Split(' '), "--out", output]);
                Assert.That(exitCode, Is.EqualTo(1));
                Assert.That(error, Has.Length.EqualTo(1));
                Assert.That(
                    error[0],
                    Does.StartWith($"error: cannot write to the folder {output}: {file} is a file")
                        .And.Contains("--out"));
            }
        }
    }

    [TestCase("--help", "quickstart")]
    [TestCase("train --help", "--epochs N")]
    [TestCase("train --help", "2 to 65536 images; default 128")]
    [TestCase("train --help", "Recipe:")]
    [TestCase("train --help", "a .csv or .tsv of paths and labels")]
    [TestCase("inspect --help", "sensitivity")]
    [TestCase("inspect networks", "resnet20-cifar       3x32x32")]
    [TestCase("inspect networks", "25,557,032 parameters    4,089 million MACs")]
    [TestCase("study --help", "oracle")]
    [TestCase("quickstart --help", "--no-reference")]
    [TestCase("study indicator --help", "--counts")]
    public void Help_and_lists_are_results(string line, string expected)
    {
        var (exitCode, output, error) = Pat.Run(line.Split(' '));
        Assert.That(exitCode, Is.Zero);
        Assert.That(string.Join('\n', output), Does.Contain(expected));
        Assert.That(error, Is.Empty);
    }

    [TestCase("train", "--epochs", "(default: 30)")]
    [TestCase("quickstart", "--epochs", "(default: 16)")]
    [TestCase("study retraining", "--epochs", "(default: 160)")]
    [TestCase("study retraining", "--lr", "(default: 0.1)")]
    [TestCase("train", "--retrain", "with --retrain-epochs clr)")]
    public void Help_states_the_default_of_the_command(string command, string option, string expected)
    {
        var described = PatCommandLine.Describe().Parse(command).CommandResult.Command;
        var fields = described.Options.OfType<RecipeOption>().ToList();
        Assert.That(fields.Single(f => f.Name == option).Help, Does.Contain(expected));
        Assert.That(fields.Select(f => Regex.Count(f.Help, "default")), Has.All.LessThan(2));
    }

    // Processor time, because other programs lengthen the time on a clock.
    [Test]
    public void Help_takes_less_than_half_a_second()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("times is of the shells of Unix");
        var pat = Path.Combine(AppContext.BaseDirectory, "pat.dll");
        var best = Enumerable.Range(0, 5).Min(_ =>
        {
            var start = new ProcessStartInfo("sh", ["-c", $"dotnet '{pat}' --help > /dev/null && times"])
            {
                RedirectStandardOutput = true, Environment = { ["LC_ALL"] = "C" },
            };
            using var process = Process.Start(start)!;
            var times = process.StandardOutput.ReadToEnd().Split('\n'); // of the shell, and of its children
            return times[1].Split(' ').Sum(Seconds);
        });
        Assert.That(best, Is.GreaterThan(0).And.LessThan(0.5));

        // User or system time, such as 0m0.130000s.
        static double Seconds(string time) =>
            TimeSpan.ParseExact(time, @"m\ms\.FFFFFF\s", CultureInfo.InvariantCulture).TotalSeconds;
    }

    [Test]
    public void An_unexpected_error_is_one_line_too()
    {
        var error =
            OneLine.Of(new TypeInitializationException("X", new DllNotFoundException("Unable to load\nthe library")));
        Assert.That(error, Is.EqualTo("DllNotFoundException: Unable to load the library"));
    }
}
