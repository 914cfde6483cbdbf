using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.PaT.Modeling.Zoo;

namespace PaT.Cli.Tests;

/// <summary>Every sample runs, on images drawn for it, and does what it says.</summary>
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
    public void Cross_validation_tests_each_image_once()
    {
        using var folder = new TemporaryFolder();
        using var log = new StringWriter();
        var accuracies = CrossValidation.Run(Settings(folder, epochs: 3) with { Log = log }, folds: 2);
        Assert.That(accuracies, Has.Count.EqualTo(2).And.All.InRange(0, 1));
        Assert.That(log.ToString(), Does.Contain("fold 0: accuracy").And.Contain("2 folds"));
    }

    [Test]
    public void The_sample_command_runs_the_image_model_from_training_to_prediction()
    {
        using var folder = new TemporaryFolder();
        var images = Settings(folder, epochs: 1).Images;
        var (exitCode, output, error) = Pat.Run("sample", "image-model", "--data", images, "--out", folder.File("out"));
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(output[0], Does.StartWith("accuracy"));
        Assert.That(output[2..].Select(line => line.Split(':')[0].Trim()), Is.EquivalentTo(Shapes.All.Take(Classes).Select(s => s.Name)));

        var metrics = ImageModel.Evaluate(folder.File("out/ImageModel.mlnet"), images);
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
    public void OnnxDeployment_scores_as_the_classifier_without_the_library()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(folder, epochs: 1);
        var (exitCode, _, error) = Pat.Run("train", "--data", settings.Images, "--epochs", "2", "--batch", "8", "--policy", "epoch:1", "--round-to", "1", "--device", "cpu", "--threads", "1", "--out", settings.Output);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        using var classifier = ImageClassifier.Load(settings.File("model.pat"));
        Same(RunSample("OnnxDeployment", settings.File("compact.onnx"), Images(settings)), classifier);
    }

    [Test]
    public void OnnxPipeline_scores_as_the_classifier_without_the_library()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(folder, epochs: 1);
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(LabeledFile.In(settings.Images));
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadRawImageBytes("Image", null, "ImagePath"))
            .Append(ml.PaT().ImageClassification(epochs: 1))
            .Fit(data);
        GuideCode.SavePipeline(ml, model, data, settings.File("pipeline.zip"));
        Same(RunSample("OnnxPipeline", settings.File("pipeline.zip"), Images(settings)), model.LastTransformer.Model);
    }

    private static string[] Images(ExampleSettings settings) => [.. LabeledFile.In(settings.Images).Select(f => f.ImagePath).Take(9)];

    /// <summary>Starts a sample as a process of its own and reads what it prints.</summary>
    private static JsonElement[] RunSample(string name, string model, string[] images)
    {
        var here = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var folder = Path.Combine(here.Parent!.Parent!.FullName, name, here.Name);
        var libraries = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName);
        Assert.That(libraries.Where(f => f!.StartsWith("Microsoft.ML.PaT", StringComparison.Ordinal) || f.Contains("torch", StringComparison.OrdinalIgnoreCase)), Is.Empty);
        using var sample = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(folder, $"{name}.dll"), model, .. images]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var problems = sample.StandardError.ReadToEndAsync();
        var lines = sample.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        sample.WaitForExit();
        Assert.That(sample.ExitCode, Is.Zero, problems.Result);
        Assert.That(lines, Has.Length.EqualTo(images.Length));
        return [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static void Same(JsonElement[] answers, ImageClassifier classifier)
    {
        var expected = new float[classifier.Classes.Count];
        foreach (var answer in answers)
        {
            classifier.Score(ImageDecoder.Decode(File.ReadAllBytes(answer.GetProperty("file").GetString()!), classifier.Input), expected);
            Assert.That(answer.GetProperty("scores").EnumerateArray().Select(s => s.GetSingle()), Is.EqualTo(expected).Within(1e-5f));
            Assert.That(answer.GetProperty("label").GetString(), Is.EqualTo(classifier.Classes[Array.IndexOf(expected, expected.Max())]));
        }
    }

    private static ExampleSettings Settings(TemporaryFolder folder, int epochs)
    {
        DrawnFolder.Write(folder.File("images"), Classes, each: 8);
        return new ExampleSettings
        {
            Images = folder.File("images"),
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
        var files = ml.Data.LoadFromEnumerable(LabeledFile.In(folder.File("others")));
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadRawImageBytes("Image", null, "ImagePath"))
            .Append(ml.PaT().ImageClassification(new PruningAwareTrainingOptions
            {
                Network = Networks.ByName("resnet18"),
                Images = new() { Height = 32, Width = 32 },
                Pruning = new() { Policy = PruningPolicy.Never },
                Training = new() { Epochs = 1, BatchSize = 2, LearningRate = 1e-3, ValidationFraction = 0, Threads = 1 },
            })).Fit(files);
        var weights = folder.File("resnet18.safetensors");
        model.LastTransformer.Model.SaveWeights(weights);
        return weights;
    }
}
