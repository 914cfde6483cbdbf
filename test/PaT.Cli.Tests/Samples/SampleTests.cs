using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.Data;

namespace PaT.Cli.Tests;

/// <summary>Every sample is started as a process, on drawn images, and does what it says.</summary>
public sealed class SampleTests
{
    private const int Classes = 3;

    private TemporaryFolder _folder = null!;
    private string _images = null!;

    [OneTimeSetUp]
    public void Draw()
    {
        _folder = new TemporaryFolder();
        _images = _folder.File("images");
        DrawnFolder.Write(_images, Classes, each: 8);
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Transfer_prunes_given_weights_after_training_and_retrains()
    {
        var folder = Run("Transfer", out var output, _images, WeightsForOtherClasses(), "1");
        var cells = output.Single().Split(' ');
        var (dense, compact) = (Number(cells[1]), Number(cells[3]));
        Assert.That(compact, Is.LessThan(0.8 * dense));
        Assert.That(File.Exists(Path.Combine(folder, "compact.safetensors")));
        using var model = (IDisposable)new MLContext().Model.Load(Path.Combine(folder, "model.zip"), out _);

        static double Number(string text) => double.Parse(text.Replace(",", "", StringComparison.Ordinal));
    }

    [Test]
    public void CustomNetwork_is_pruned_and_its_file_is_a_network()
    {
        var folder = Run("CustomNetwork", out var output, _images, "2");
        var report = RunReport.ReadJson(Path.Combine(folder, "report.json"));
        Assert.That(report.Network, Is.EqualTo("mine"));
        Assert.That(report.Compact!.Parameters, Is.LessThan(0.6 * report.Dense.Parameters));
        Assert.That(output, Has.Length.EqualTo(report.Widths.Count));
        Assert.That(File.ReadAllText(Path.Combine(folder, "report.html")), Does.EndWith("</html>\n"));
        var (exitCode, lines, error) =
            Pat.Run("inspect", "network", "--network", Path.Combine(folder, "mine.json"), "--classes", "3");
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        using var info = JsonDocument.Parse(lines[0]);
        Assert.That(info.RootElement.GetProperty("parameters").GetInt64(), Is.EqualTo(report.Dense.Parameters));
    }

    [Test]
    public void CrossValidation_tests_each_fold()
    {
        Run("CrossValidation", out var output, _images, "3", "2");
        Assert.That(output, Has.Length.EqualTo(3));
        Assert.That(output[0], Does.StartWith("fold 0: accuracy"));
        Assert.That(output[2], Does.StartWith("accuracy").And.EndsWith("2 folds"));
    }

    [Test]
    public void ImageModel_is_trained_evaluated_and_predicts()
    {
        Run("ImageModel", out var output, _images, "1");
        Assert.That(output[0], Does.StartWith("accuracy"));
        Assert.That(
            output[2..].Select(line => line.Split(':')[0].Trim()),
            Is.EquivalentTo(Shapes.All.Take(Classes).Select(s => s.Name)));
    }

    [Test]
    public void OnnxDeployment_scores_as_the_classifier_without_the_library()
    {
        var folder = _folder.File("deployed");
        var (exitCode, _, error) = Pat.Run(
            "train", "--data", _images, "--epochs", "2", "--batch", "8", "--policy", "epoch:1", "--set",
            "pruning.roundTo=1", "--set", "images.resizing=iso-crop", "--device", "cpu", "--threads", "1", "--out",
            folder);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        using var classifier = ImageClassifier.Load(Path.Combine(folder, "model.pat"));
        string[] photographs = [.. Enumerable.Range(1, 8).Select(WidePhotograph)];
        string[] files = [.. Files(), .. photographs];
        Run("OnnxDeployment", out var output, [Path.Combine(folder, "compact.onnx"), .. files]);
        Same(output, classifier, files.Length);
        NeedsNoLibrary("OnnxDeployment");
    }

    [Test]
    public void OnnxPipeline_scores_as_the_classifier_without_the_library()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(ImageFolder.Read(_images).Training);
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.PaT().ImageClassification(epochs: 1))
            .Fit(data);
        GuideCode.SavePipeline(ml, model, data, _folder.File("pipeline.zip"));
        Run("OnnxPipeline", out var output, [_folder.File("pipeline.zip"), .. Files()]);
        Same(output, model.LastTransformer.Model, Files().Length);
        NeedsNoLibrary("OnnxPipeline");
    }

    [Test]
    public void OwnCriterion_keeps_the_channels_that_the_library_keeps()
    {
        Run("OwnCriterion", out var output, _images, "1");
        var results = Array.ConvertAll(output, line => JsonDocument.Parse(line).RootElement);
        Assert.That(
            results.Select(r => r.GetProperty("criterion").GetString()), Is.EqualTo(new[] { "flow", "synflow" }));
        var widths = Array.ConvertAll(results, r => r.GetProperty("widths").EnumerateObject()
            .ToDictionary(w => w.Name, w => w.Value.GetInt32()));
        Assert.That(widths[0], Is.EqualTo(widths[1]));
        Assert.That(widths[0].Values.Distinct().Count(), Is.GreaterThan(3), "not uniform");
    }

    [Test]
    public void OwnPolicy_says_when_and_why_it_prunes()
    {
        Run("OwnPolicy", out var output, _images, "8");
        Assert.That(output[..^1], Has.Length.GreaterThan(2).And.All.Contains(" of the kept channels"));
        Assert.That(output[^2], Does.Contain(" prune, "));
        Assert.That(output[^1], Does.StartWith("pruned in epoch").And.EndsWith(output[^2].Split(" prune, ")[1]));
    }

    [Test]
    public void Photos_become_a_compact_ONNX_model()
    {
        var folder = Run("Photos", out var output, _images, "32", "2");
        Assert.That(output.Single(), Does.StartWith("accuracy ").And.EndsWith(" MACs"));
        var network = NetworkArchitecture.FromOnnx(Path.Combine(folder, "compact.onnx"));
        Assert.That(network.StandardInput, Is.EqualTo(new ImageShape(3, 32, 32)));
        Assert.That(network.StandardClasses, Is.EqualTo(Classes));
        Assert.That(new FileInfo(Path.Combine(folder, "compact.onnx")).Length, Is.LessThan(50e6));
    }

    [Test]
    public void PlainTraining_trains_saves_and_predicts()
    {
        var files = Files();
        var folder = Run("PlainTraining", out var output, [_images, "1", .. files]);
        Assert.That(output[0], Does.StartWith("accuracy ").And.EndsWith(" parameters"));
        Assert.That(output[1..].Select(line => line.Split(": ")[0]), Is.EqualTo(files));
        using var classifier = ImageClassifier.Load(Path.Combine(folder, "model.pat"));
        var labels = files.Select(f => classifier.Predict(f).Label);
        Assert.That(output[1..].Select(line => line.Split(": ")[1].Split(' ')[0]), Is.EqualTo(labels));
    }

    private string[] Files() => [.. ImageFolder.Read(_images).Training.Select(f => f.ImagePath).Take(9)];

    /// <summary>Starts a sample in a new folder.</summary>
    /// <returns>The folder.</returns>
    private string Run(string name, out string[] output, params string[] arguments)
    {
        var folder = Directory.CreateDirectory(_folder.File(name)).FullName;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(ProgramFolder(name), $"{name}.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["OMP_NUM_THREADS"] = "1" },
        };
        using var sample = Process.Start(start)!;
        var problems = sample.StandardError.ReadToEndAsync();
        output = sample.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        sample.WaitForExit();
        Assert.That(sample.ExitCode, Is.Zero, problems.Result);
        return folder;
    }

    private static string ProgramFolder(string name)
    {
        var here = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(here.Parent!.Parent!.FullName, name, here.Name);
    }

    private static void NeedsNoLibrary(string name)
    {
        var libraries =
            Directory.GetFiles(ProgramFolder(name), "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f));
        Assert.That(
            libraries.Where(f =>
                f.StartsWith("Microsoft.ML.PaT", StringComparison.Ordinal)
                || f.Contains("torch", StringComparison.OrdinalIgnoreCase)),
            Is.Empty);
    }

    private static void Same(string[] lines, ImageClassifier classifier, int count)
    {
        Assert.That(lines, Has.Length.EqualTo(count));
        var expected = new float[classifier.Classes.Count];
        foreach (var answer in lines.Select(line => JsonDocument.Parse(line).RootElement))
        {
            classifier.Score(
                ImageDecoder.Decode(
                    File.ReadAllBytes(answer.GetProperty("file").GetString()!), classifier.Input, classifier.Resizing),
                expected);
            Assert.That(
                answer.GetProperty("scores").EnumerateArray().Select(s => s.GetSingle()),
                Is.EqualTo(expected).Within(1e-5f));
            Assert.That(
                answer.GetProperty("label").GetString(),
                Is.EqualTo(classifier.Classes[Array.IndexOf(expected, expected.Max())]));
        }
    }

    /// <summary>
    /// Writes a JPEG of 48x32 pixels with an EXIF orientation of 1 to 8, of which the model sees a square of 32x32.
    /// </summary>
    private string WidePhotograph(int orientation)
    {
        var file = _folder.File($"{orientation}.jpg");
        var pixels = new byte[32 * 48 * 4];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i / 4 % 48 * 5 + i / 192 * i % 7);
        using (var image = MLImage.CreateFromPixels(48, 32, MLPixelFormat.Rgba32, pixels)) image.Save(file);
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0,
            0, 0, 0, 0, 0, 0,
        ];
        var jpeg = File.ReadAllBytes(file);
        File.WriteAllBytes(file, [.. jpeg[..2], .. exif, .. jpeg[2..]]);
        return file;
    }

    /// <summary>A ResNet-18 trained, barely, to tell two classes apart, as a file of its weights.</summary>
    private string WeightsForOtherClasses()
    {
        DrawnFolder.Write(_folder.File("others"), classes: 2, each: 2);
        var ml = new MLContext(seed: 1);
        var files = ml.Data.LoadFromEnumerable(ImageFolder.Read(_folder.File("others")).Training);
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(
                ml.PaT()
                    .ImageClassification(
                        new PruningAwareTrainingOptions
                        {
                            Network = Networks.ByName("resnet18"),
                            Images = new() { Height = 32, Width = 32 },
                            Pruning = new() { Policy = PruningPolicy.Never },
                            Training = new() { Epochs = 1, BatchSize = 2, LearningRate = 1e-3, ValidationFraction = 0 },
                            Threads = 1,
                        }))
            .Fit(files);
        var weights = _folder.File("resnet18.safetensors");
        model.LastTransformer.Model.SaveWeights(weights);
        return weights;
    }
}
