using Microsoft.ML.Data;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Operations of <c>ml.PaT()</c> other than the estimator.</summary>
public sealed class PaTCatalogTests
{
    private readonly MLContext _ml = new();
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void An_archive_becomes_a_transformer_with_its_report()
    {
        var rows = Keyed(TinyRows.Pixels(60));
        using var trained = _ml.PaT().ImageClassification(TinyRows.Options).Fit(rows);
        var path = Path.Combine(_folder.Name, "model.pat");
        trained.SaveArchive(path);

        using var loaded = _ml.PaT().LoadArchive(path, rows.Schema);
        Assert.That(Scores(loaded, rows), Is.EqualTo(Scores(trained, rows)));
        Assert.That(loaded.Report.Recipe, Is.EqualTo(trained.Report.Recipe));
        Assert.That(loaded.Evaluate(rows).Test, Is.EqualTo(trained.Evaluate(rows).Test));

        // Without a label column, and with another name of the image column.
        var unlabeled = _ml.Transforms.CopyColumns("Photo", "Image")
            .Append(_ml.Transforms.SelectColumns("Photo"))
            .Fit(rows)
            .Transform(rows);
        using var renamed = _ml.PaT().LoadArchive(path, unlabeled.Schema, new() { ImageColumnName = "Photo" });
        Assert.That(Scores(renamed, unlabeled), Is.EqualTo(Scores(trained, rows)));
        Assert.That(renamed.ClassNames(unlabeled.Schema), Is.EqualTo(new[] { "left", "right" }));
    }

    [Test]
    public void Archives_without_a_report_and_other_files_are_named_errors()
    {
        var rows = Keyed(TinyRows.Pixels(4));
        var path = Path.Combine(_folder.Name, "classifier.pat");
        using (var classifier = TinyClassifiers.Create()) classifier.SaveArchive(path);
        Assert.That(
            () => _ml.PaT().LoadArchive(path, rows.Schema),
            Throws.TypeOf<InvalidFileException>()
                .With.Message.Contains(path)
                .And.Message.Contains("ImageClassifier.Load"));
        File.WriteAllText(path, "no archive");
        Assert.That(
            () => _ml.PaT().LoadArchive(path, rows.Schema),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains(path));
    }

    [Test]
    public void A_transformer_of_a_run_resizes_as_the_run_did()
    {
        var rows = Keyed(TinyRows.Encoded(40));
        var options = TinyRows.Options with { Training = new() { Epochs = 1, BatchSize = 16, ValidationFraction = 0 } };
        using var images = ImageDataset.FromEncoded(
            TinyRows.Encoded(40).Select(r => (r.Image, r.Label)), new(3, 8, 8), resizing: ImageResizing.IsoCrop);
        var result = _ml.PaT().Train(images, null, options);
        using var transformer = _ml.PaT().ToTransformer(result, options, rows.Schema);

        // Twice as wide as high: stretching would halve the width of the pattern.
        var wide = TinyRows.Encoded(1);
        wide[0].Image = TinyRows.Bitmap([.. TinyRows.Planar(0), .. TinyRows.Planar(1)], height: 8, width: 16);
        var expected = new float[2];
        result.Classifier.Score(
            ImageDecoder.Decode(wide[0].Image, result.Classifier.Input, ImageResizing.IsoCrop), expected);
        Assert.That(Scores(transformer, Keyed(wide)).Single(), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void Images_are_not_read_with_invalid_options()
    {
        var rows = Keyed(TinyRows.Pixels(4));
        Assert.That(
            () => _ml.PaT().LoadImages(rows, TinyRows.Options with { MaxUnreadableFraction = 5 }),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("MaxUnreadableFraction"));
    }

    [Test]
    public void Sensitivity_takes_the_weights_of_an_ONNX_network()
    {
        var rows = Keyed(TinyRows.Pixels(20));
        var path = Path.Combine(_folder.Name, "network.onnx");
        using (var trained = _ml.PaT().ImageClassification(TinyRows.Options).Fit(rows)) trained.SaveOnnx(path);
        var options = TinyRows.Options with { Network = NetworkArchitecture.FromOnnx(path) };
        Assert.That(_ml.PaT().Sensitivity(rows, options, 0.5).Groups, Is.Not.Empty);
        Assert.That(
            () => _ml.PaT().Sensitivity(rows, TinyRows.Options, 0.5),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("ONNX"));
    }

    [Test]
    public void Sensitivity_matches_the_classes_of_an_archive_by_name()
    {
        var options = TinyRows.Options with { Training = TinyRows.Options.Training with { Epochs = 4 } };
        var path = Path.Combine(_folder.Name, "ordered.pat");
        using var trained = _ml.PaT().ImageClassification(options).Fit(Keyed(TinyRows.Pixels(200)));
        trained.SaveArchive(path);
        var other = Keyed(TinyRows.Pixels(40, first: 1001)); // the first row is of the second class
        var accuracy = trained.Evaluate(other).Test!.Accuracy;
        Assert.That(accuracy, Is.GreaterThan(0.8));
        var report = _ml.PaT().Sensitivity(other, options with { Weights = new(path) }, 0.5);
        Assert.That(report.Accuracy, Is.EqualTo(accuracy));

        // So slow that training changes no prediction.
        var slow = options with { Weights = new(path), Training = new() { Epochs = 1, LearningRate = 1e-9 } };
        using var continued = _ml.PaT().ImageClassification(slow).Fit(other);
        Assert.That(continued.Model.Classes, Is.EqualTo(new[] { "right", "left" }));
        Assert.That(continued.Evaluate(other).Test!.Accuracy, Is.GreaterThan(0.8));
    }

    [Test]
    public void Sensitivity_takes_images_of_some_of_the_classes_that_the_weights_name()
    {
        var rows = TinyRows.Pixels(24);
        for (var i = 0; i < rows.Length; i += 3) rows[i].Label = "middle";
        var (archive, weights) = (Path.Combine(_folder.Name, "a.pat"), Path.Combine(_folder.Name, "a.safetensors"));
        using var trained = _ml.PaT().ImageClassification(TinyRows.Options).Fit(Keyed(rows));
        trained.SaveArchive(archive);
        trained.Model.SaveWeights(weights);
        var some = Keyed(TinyRows.Pixels(40, first: 1001));
        var (one, other) = (Measure(archive), Measure(weights));
        Assert.That(one.Accuracy, Is.EqualTo(trained.Evaluate(some).Test!.Accuracy));
        Assert.That(other.Accuracy, Is.EqualTo(one.Accuracy));

        SensitivityReport Measure(string file) =>
            _ml.PaT().Sensitivity(some, TinyRows.Options with { Weights = new(file) }, 0.5);
    }

    private IDataView Keyed<T>(T[] rows) where T : class =>
        TinyRows.Keyed(_ml, _ml.Data.LoadFromEnumerable(rows));

    private static float[][] Scores(ITransformer model, IDataView rows) =>
        [.. model.Transform(rows).GetColumn<float[]>("Score")];
}
