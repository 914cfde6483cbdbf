using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Tests.Package;

/// <summary>Applications that are published trimmed: docs/decisions/hosts.md.</summary>
[Category("Long"), Platform("Linux")]
public sealed class TrimmedApplicationTests
{
    private const string Trimmed = """
        <PublishTrimmed>true</PublishTrimmed>
            <TrimMode>full</TrimMode>
            <TrimmerSingleWarn>false</TrimmerSingleWarn>
            <SelfContained>true</SelfContained>
        """;

    private const string Scoring = """
        using Microsoft.ML.PaT;

        var (archive, image, folder) = (args[0], args[1], args[2]);
        using var classifier = ImageClassifier.Load(archive);
        Print(classifier);
        string In(string name) => Path.Combine(folder, name);

        classifier.SaveArchive(In("copy.pat"));
        using (var copy = ImageClassifier.Load(In("copy.pat"))) Print(copy);

        classifier.SaveWeights(In("weights.safetensors"));
        var network = Networks.ByName("resnet8");
        using (var created = ImageClassifier.Create(
            network, new(In("weights.safetensors")), classifier.Classes, classifier.Input, classifier.Normalization))
            Print(created);

        classifier.SaveOnnx(In("model.onnx"));
        if (NetworkDefinition.FromJson(classifier.Network.ToJson()).Classes != classifier.Classes.Count) return 1;
        return 0;

        void Print(ImageClassifier scores) => Console.WriteLine(
            scores.Predict(image).Label + " " + scores.Predict(image).Score.ToString("F5"));
        """;

    private const string Training = """
        using Microsoft.ML;
        using Microsoft.ML.PaT;

        new MLContext().PaT().ImageClassification();
        """;

    private PackedLibrary _library = null!;

    [OneTimeSetUp]
    public void Pack() => _library = new();

    [OneTimeTearDown]
    public void Clean() => _library.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public void A_classifier_loads_scores_and_saves(bool singleFile)
    {
        using var application = new FreshApplication(_library, Scoring, Trimmed);
        var output = Path.Combine(application.Folder, "out");
        var printed = Commands.Dotnet(
            application.Folder, "publish", "-c", "Release", "-nologo", "-r", System, "-o", output,
            $"-p:PublishSingleFile={singleFile}");
        Assert.That(printed, Does.Not.Contain("Microsoft.ML.PaT."), "no warning about this library");
        Assert.That(Directory.GetFiles(output, "Microsoft.ML.Core.dll"), Is.Empty, "ML.NET is trimmed away");

        using var classifier = TinyClassifiers.Create();
        var archive = Path.Combine(application.Folder, "model.pat");
        var image = Path.Combine(application.Folder, "image");
        classifier.SaveArchive(archive);
        File.WriteAllBytes(image, TinyRows.Bitmap(TinyRows.Planar(1)));
        var expected = classifier.Predict(image);
        var (code, lines) = Commands.Run(
            Path.Combine(output, "fresh"), application.Folder, archive, image, application.Folder);
        Assert.That(code, Is.Zero, lines);
        Assert.That(
            lines.Trim().Split('\n').Select(l => l.Trim()),
            Has.Exactly(3).Items.And.All.EqualTo($"{expected.Label} {expected.Score:F5}"));
        using var onnx = new Microsoft.ML.OnnxRuntime.InferenceSession(Path.Combine(application.Folder, "model.onnx"));
        Assert.That(onnx.ModelMetadata.CustomMetadataMap["labels"], Does.Contain(classifier.Classes[0]));
    }

    [Test]
    public void Training_warns_when_it_is_compiled()
    {
        using var application = new FreshApplication(_library, Training, Trimmed);
        var printed = Commands.Dotnet(application.Folder, "build", "-c", "Release", "-nologo", "-r", System);
        Assert.That(printed, Does.Contain("IL2026").And.Contain("ImageClassifier does"));
    }

    private static string System => $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
}
