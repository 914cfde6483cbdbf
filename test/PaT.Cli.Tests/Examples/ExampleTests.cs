using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace PaT.Cli.Tests;

/// <summary>Every sample runs, on pictures drawn for it, and does what it says.</summary>
public sealed class ExampleTests
{
    private const int Classes = 3;

    [Test]
    public void Transfer_prunes_given_weights_after_training_and_retrains()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(folder, epochs: 1);
        var report = Transfer.Run(settings, WeightsForOtherClasses(folder));
        Assert.Multiple(() =>
        {
            Assert.That(report.Policy, Is.EqualTo("after-training"));
            Assert.That(report.PruneEpoch, Is.EqualTo(1));
            Assert.That(report.Retraining!.Schedule, Is.EqualTo("clr"));
            Assert.That(report.Epochs, Has.Count.EqualTo(2));
            Assert.That(report.Classes, Has.Count.EqualTo(Classes));
            Assert.That(report.Compact!.Parameters, Is.LessThan(0.8 * report.Dense.Parameters));
            Assert.That(File.Exists(settings.File("model.zip")) && File.Exists(settings.File("compact.safetensors")));
        });
    }

    [Test]
    public void A_network_of_ones_own_is_pruned_and_its_file_is_a_network()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(folder, epochs: 2);
        var report = CustomNetwork.Run(settings);
        Assert.That(report.Network, Is.EqualTo("mine"));
        Assert.That(report.Compact!.Parameters, Is.LessThan(0.6 * report.Dense.Parameters));
        Assert.That(RunReport.ReadJson(settings.File("report.json")).Dense.Parameters, Is.EqualTo(report.Dense.Parameters));
        var (exitCode, output, error) = Pat.Run("info", "--network", settings.File("mine.json"), "--classes", "3");
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        using var info = JsonDocument.Parse(output[0]);
        Assert.That(info.RootElement.GetProperty("parameters").GetInt64(), Is.EqualTo(report.Dense.Parameters));
    }

    [Test]
    public void Cross_validation_tests_each_picture_once()
    {
        using var folder = new TemporaryFolder();
        using var log = new StringWriter();
        var accuracies = CrossValidation.Run(Settings(folder, epochs: 3) with { Log = log }, folds: 2);
        Assert.That(accuracies, Has.Count.EqualTo(2).And.All.InRange(0, 1));
        Assert.That(log.ToString(), Does.Contain("fold 0: accuracy").And.Contain("2 folds"));
    }

    [Test]
    public void The_sample_command_runs_the_picture_model_from_training_to_prediction()
    {
        using var folder = new TemporaryFolder();
        var pictures = Settings(folder, epochs: 1).Pictures;
        var (exitCode, output, error) = Pat.Run("sample", "picture-model", "--data", pictures, "--out", folder.File("out"));
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(output[0], Does.StartWith("accuracy"));
        Assert.That(output[2..].Select(line => line.Split(':')[0].Trim()), Is.EquivalentTo(Shapes.All.Take(Classes).Select(s => s.Name)));

        var metrics = PictureModel.Evaluate(folder.File("out/PictureModel.mlnet"), pictures);
        Assert.That(metrics.MicroAccuracy, Is.InRange(0, 1));
        Assert.That(metrics.ConfusionMatrix.NumberOfClasses, Is.EqualTo(Classes));
    }

    [Test]
    public void Transfer_without_weights_says_what_is_missing()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, _, error) = Pat.Run("sample", "transfer", "--data", folder.Path, "--out", folder.File("out"));
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error[^1], Does.Contain("--weights"));
    }

    [Test]
    public void The_exported_model_says_in_Node_what_the_classifier_says_here()
    {
        var modules = Path.Combine(Repository(), "test/onnx/node_modules");
        if (!Directory.Exists(Path.Combine(modules, "onnxruntime-node")))
            Assert.Ignore("this machine has no ONNX Runtime for Node.js; with Node.js 20 or later: cd test/onnx && npm ci --ignore-scripts");
        using var folder = new TemporaryFolder();
        var settings = Settings(folder, epochs: 1);
        var (exitCode, _, error) = Pat.Run("train", "--data", settings.Pictures, "--epochs", "2", "--batch", "8", "--policy", "epoch:1", "--round-to", "1", "--device", "cpu", "--threads", "1", "--out", settings.Output);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));

        using var classifier = ImageClassifier.Load(settings.File("model.pat"));
        var planar = ShapePictures.Render(7, 1);
        var expected = new float[Classes];
        classifier.Score(planar, expected);

        // The sample finds its package where npm puts it: beside it.
        File.Copy(Path.Combine(Repository(), "src/PaT.Cli/Examples/OnnxDeployment/classify.mjs"), folder.File("classify.mjs"));
        Directory.CreateSymbolicLink(folder.File("node_modules"), modules);
        folder.Write("picture.ppm", [.. "P6\n# a comment\n32 32\n255\n"u8, .. Enumerable.Range(0, planar.Length).Select(i => planar[(i % 3 * 1024) + (i / 3)])]);
        using var node = Process.Start(new ProcessStartInfo("node", [folder.File("classify.mjs"), settings.File("compact.onnx"), settings.File("report.json"), folder.File("picture.ppm")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var problems = node.StandardError.ReadToEndAsync();
        var answer = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        Assert.That(node.ExitCode, Is.Zero, problems.Result);
        using var json = JsonDocument.Parse(answer);
        var scores = json.RootElement.GetProperty("scores").EnumerateArray().Select(s => s.GetSingle());
        Assert.That(scores, Is.EqualTo(expected).Within(1e-4f));
        Assert.That(json.RootElement.GetProperty("label").GetString(), Is.EqualTo(classifier.Classes[Array.IndexOf(expected, expected.Max())]));
    }

    private static ExampleSettings Settings(TemporaryFolder folder, int epochs)
    {
        DrawnFolder.Write(folder.File("pictures"), Classes, each: 8);
        return new ExampleSettings
        {
            Pictures = folder.File("pictures"),
            Output = Directory.CreateDirectory(folder.File("out")).FullName,
            Epochs = epochs,
            Log = TextWriter.Null,
            Progress = new Progress<TrainingProgress>(),
        };
    }

    /// <summary>A ResNet-18 trained, barely, to tell two classes apart, as a file of its weights.</summary>
    private static string WeightsForOtherClasses(TemporaryFolder folder)
    {
        DrawnFolder.Write(folder.File("others"), classes: 2, each: 2);
        var ml = new MLContext(seed: 1);
        var files = ml.Data.LoadFromEnumerable(LabelledFile.In(folder.File("others")));
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadRawImageBytes("Image", null, "ImagePath"))
            .Append(ml.PaT().ImageClassification(new PruningAwareTrainingOptions
            {
                Network = Networks.ByName("resnet18"),
                Images = new() { Height = 32, Width = 32 },
                Pruning = new() { Policy = PruningPolicy.Never },
                Training = new() { Epochs = 1, BatchSize = 2, LearningRate = 1e-3, ValidationShare = 0, Threads = 1 },
            })).Fit(files);
        var weights = folder.File("resnet18.safetensors");
        model.LastTransformer.Model.SaveWeights(weights);
        return weights;
    }

    private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../.."));
}
