using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.PaT.Tests.Hosts;

/// <summary>Public reports about images and classes, tried here: docs/decisions/field-reports.md.</summary>
public sealed class ReportedImagesTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void A_class_may_have_a_single_image()
    {
        TinyRows.EncodedRow[] rows = [.. TinyRows.Encoded(3)];
        for (var i = 0; i < 3; i++) rows[i].Label = $"class {i}";
        using var model = Fit(rows);
        Assert.That(model.LastTransformer.Model.Classes, Is.EqualTo(new[] { "class 0", "class 1", "class 2" }));
    }

    [Test]
    public void A_single_class_is_named()
    {
        var rows = TinyRows.Encoded(6);
        foreach (var row in rows) row.Label = "all";
        Assert.That(
            () => Fit(rows),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("'all'").And.Message.Contains("two"));
    }

    [Test]
    public void The_first_class_may_have_more_than_ten_thousand_images()
    {
        var rows = TinyRows.Pixels(10_100);
        for (var i = 0; i < rows.Length; i++) rows[i].Label = i < 10_050 ? "first" : "second";
        var options = TinyRows.Options with { Training = TinyRows.Options.Training with { BatchSize = 1024 } };
        using var model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(options))
            .Fit(_ml.Data.LoadFromEnumerable(rows));
        Assert.That(model.LastTransformer.Model.Classes, Is.EqualTo(new[] { "first", "second" }));
        var counts = model.LastTransformer.Report.Images;
        Assert.That(counts.Training + counts.Validation, Is.EqualTo(rows.Length));
    }

    [Test]
    public void Test_images_that_lack_a_class_are_matched_by_name()
    {
        var rows = TinyRows.Encoded(48);
        for (var i = 0; i < rows.Length; i++) rows[i].Label = $"{10 * (i % 4)}";
        using var model = Fit(rows);
        // The test data has keys of its own: 30 is its third, and 20 is missing.
        var test = _ml.Data.LoadFromEnumerable(rows.Where(r => r.Label != "20"));
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(test).Transform(test);
        var report = model.LastTransformer.Evaluate(keyed);
        Assert.That(
            report.Classes.Zip(report.Classification!.Classes, (name, counts) => (name, counts.Images)),
            Is.EqualTo(new[] { ("0", 12), ("10", 12), ("20", 0), ("30", 12) }));
    }

    [Test]
    public void Empty_folders_are_no_classes_and_are_counted()
    {
        foreach (var name in (string[])["cat", "dog", "eel", "fox/deep"])
            Directory.CreateDirectory(Path.Combine(_folder.Name, "set", name));
        foreach (var name in (string[])["cat", "dog"])
            File.WriteAllBytes(Path.Combine(_folder.Name, "set", name, "1.jpg"), SampleImages.Of("jpg"));
        var found = ImageFolder.Read(Path.Combine(_folder.Name, "set"));
        Assert.That(found.ClassNames, Is.EqualTo(new[] { "cat", "dog" }));
        Assert.That(found.LeftOut, Is.EqualTo(new Dictionary<string, int> { ["empty folder"] = 2 }));
    }

    [Test]
    public void Images_of_cmyk_and_of_gray_have_their_colors()
    {
        var shape = new ImageShape(3, 8, 8);
        var red = ImageDecoder.Decode(PlainJpeg.Of(255, 1, 1, 255), shape);
        Assert.That(red.Take(64), Is.All.GreaterThan(200));
        Assert.That(red.Skip(64), Is.All.LessThan(60));
        var gray = ImageDecoder.Decode(PlainJpeg.Of(200), shape);
        Assert.That(gray, Is.All.EqualTo(200).Within(1));
    }

    [Test]
    public void An_orientation_counts_in_the_same_way_however_the_image_is_given()
    {
        var upright = SampleImages.Skia(
            SKEncodedImageFormat.Jpeg, TinyRows.Size, TinyRows.Size,
            (y, x) => new((byte)(30 * y), (byte)(20 * x), y < 3 ? (byte)250 : (byte)0));
        var turned = ImageEdits.Orient(upright, 6);
        using var model = Fit(TinyRows.Encoded(24));
        var classifier = model.LastTransformer.Model;
        var expected = new float[2];
        classifier.Score(ImageDecoder.Decode(turned, classifier.Input), expected);
        var plain = new float[2];
        classifier.Score(ImageDecoder.Decode(upright, classifier.Input), plain);
        Assert.That(expected, Is.Not.EqualTo(plain));

        var file = Path.Combine(_folder.Name, "turned.jpg");
        File.WriteAllBytes(file, turned);
        TinyRows.EncodedRow row = new() { Image = turned, Label = "left" };
        using var engine = _ml.Model.CreatePredictionEngine<TinyRows.EncodedRow, Scores>(model);
        float[][] all =
        [
            [.. classifier.Predict(file).Scores], [.. classifier.Predict(turned).Scores],
            [.. classifier.Predict(new MemoryStream(turned)).Scores], engine.Predict(row).Score,
            .. model.Transform(_ml.Data.LoadFromEnumerable([row, row])).GetColumn<float[]>("Score"),
        ];
        foreach (var scores in all) Assert.That(scores, Is.EqualTo(expected).Within(1e-5));
    }

    private TransformerChain<PruningAwareTrainingTransformer> Fit(TinyRows.EncodedRow[] rows) =>
        _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(TinyRows.Options))
            .Fit(_ml.Data.LoadFromEnumerable(rows));

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }
}
