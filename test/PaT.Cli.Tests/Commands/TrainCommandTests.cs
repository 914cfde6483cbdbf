using System.Text.Json;
using Microsoft.ML.PaT.Pruning;

namespace PaT.Cli.Tests;

public sealed class TrainCommandTests
{
    [Test]
    public void A_run_leaves_a_model_and_reports_that_agree()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        var (exitCode, output, error) = Pat.Run(
            "train", "--data", data, "--limit", "200", "--epochs", "2", "--batch", "32", "--policy", "epoch:1",
            "--device", "cpu", "--threads", "1", "--out", folder.File("out"));
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
        Assert.That(error.Count(line => line.Contains("img/s")), Is.EqualTo(2), "a line an epoch");

        var ml = new MLContext();
        var model = ml.Model.Load(folder.File("out/model.zip"), out _);
        using var engine = ml.Model.CreatePredictionEngine<PixelRow, Prediction>(model);
        var prediction = engine.Predict(new PixelRow { Image = ShapeImages.Render(1, 1) });
        Assert.That(prediction.Score, Has.Length.EqualTo(10));
        Assert.That(prediction.Score.Sum(), Is.EqualTo(1).Within(1e-4));
        Assert.That(Shapes.All.Select(s => s.Name), Does.Contain(prediction.PredictedLabel));
    }

    [Test]
    public void Warnings_of_a_run_name_the_options_of_the_command_line()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, content) in Drawings.ClassFolders("data/", classes: 2, each: 10))
            folder.Write(name, content);
        var (exitCode, _, error) = Pat.Run(
            "train", "--data", folder.File("data"), "--network", "resnet8", "--epochs", "1", "--device", "cpu",
            "--threads", "1", "--out", folder.File("out"));
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(error, Has.One.EndsWith("the model is the dense network. Raise --epochs or lower --batch."));
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
            "train", "--data", folder.File("data"), "--epochs", "1", "--batch", "16", "--policy", "never",
            "--device", "cpu", "--threads", "1", "--out", folder.File("out"));
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
            "train", "--data", data, "--limit", "200", "--epochs", "3", "--batch", "8", "--set",
            "pruning.policy.tau=0.5", "--device", "cpu", "--threads", "1", "--out", folder.File("out"));
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));

        var report = RunReport.ReadJson(folder.File("out/report.json"));
        var indicator = new EarlyPruningIndicator();
        var policy = PruningPolicy.EarlyPruningIndicator(0.5);
        var seen = new List<PolicyObservation>();
        double? at = null;
        foreach (var observation in report.Observations)
        {
            var epi = indicator.Observe(observation.Counts);
            Assert.That(observation.Epi, Is.EqualTo(epi).Within(1e-12));
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
    public void A_plan_is_refused_before_training_if_its_folder_is_missing()
    {
        using var folder = new TemporaryFolder();
        var plan = folder.File("no/plan.json");
        var (exitCode, _, error) =
            Pat.Run(["train", "--data", "shapes", "--save-plan", plan, "--out", folder.File("out")]);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Has.Length.EqualTo(1), "nothing was read");
        Assert.That(error[0], Does.Contain($"--save-plan is '{plan}'").And.Contain("create it first"));
        Assert.That(Directory.Exists(folder.File("out")), Is.False);
    }

    [TestCase("out/model.zip", "model.zip in it is a folder")]
    [TestCase("plan.json", "which is a folder; name a file")]
    public void A_folder_in_the_place_of_a_result_is_refused_before_training(string path, string expected)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(path));
        var (exitCode, _, error) = Pat.Run(
            ["train", "--data", "shapes", "--save-plan", folder.File("plan.json"), "--out", folder.File("out")]);
        Assert.That((exitCode, error.Length), Is.EqualTo((1, 1)), "nothing was read");
        Assert.That(error[0], Does.StartWith("error: ").And.Contains(expected));
    }

    [Test]
    public void A_run_without_the_plan_that_was_to_be_saved_fails_but_keeps_its_model()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(100, 20));
        string[] train =
        [
            "train", "--network", "resnet8", "--data", data, "--epochs", "1", "--policy", "never", "--device", "cpu",
            "--threads", "1", "--save-plan", folder.File("plan.json"), "--out", folder.File("out"),
        ];
        var (exitCode, _, error) = Pat.Run(train);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Has.Some.Contains("nothing was pruned, so there is no plan to write"));
        Assert.That(File.Exists(folder.File("out/model.zip")));

        (exitCode, var output, error) = Pat.Run([.. train, "--resume"]);
        Assert.That(exitCode, Is.EqualTo(1), "a finished run has no plan either");
        Assert.That(error, Has.Some.Contains("nothing was pruned, so there is no plan to write"));
        Assert.That(output[^1], Does.EndWith("nothing was changed"));
    }

    [Test]
    public void A_saved_plan_gives_the_same_widths_in_another_run()
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
}
