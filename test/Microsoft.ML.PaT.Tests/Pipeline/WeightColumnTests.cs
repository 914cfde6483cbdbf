using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests;

public class WeightColumnTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void Ones_are_no_column_bit_for_bit_and_other_weights_are_another_run()
    {
        using var without = Fit(Rows(_ => 1), column: null);
        using var ones = Fit(Rows(_ => 1));
        using var others = Fit(Rows(i => i % 3 + 0.5f));
        Assert.That(TinyRun.Hash(ones.Model), Is.EqualTo(TinyRun.Hash(without.Model)));
        Assert.That(TinyRun.Hash(others.Model), Is.Not.EqualTo(TinyRun.Hash(without.Model)));
    }

    [Test]
    public void From_the_disk_it_is_the_same_run_and_other_weights_are_another_file()
    {
        using var folder = new TemporaryFolder();
        var onDisk = TinyRows.Options with { MemoryBudget = 0, CacheFolder = folder.Name, MaxUnreadableFraction = 0.1 };
        var rows = Rows(i => i % 3 + 0.5f);
        rows[5].Image[7] = -1; // an image that is skipped takes its weight along
        using var memory = Fit(rows, options: onDisk with { MemoryBudget = 1 << 30 });
        for (var run = 0; run < 2; run++)
        {
            using var disk = Fit(rows, options: onDisk);
            Assert.That(TinyRun.Hash(disk.Model), Is.EqualTo(TinyRun.Hash(memory.Model)));
        }
        rows[9].Weight = 7;
        Fit(rows, options: onDisk).Dispose();
        Assert.That(Directory.GetFiles(folder.Name, "*.images"), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_wrong_weight_names_column_and_row(
        [Values(-1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity)] float weight) =>
        Assert.That(
            () => Fit(Rows(i => i == 7 ? weight : 1)),
            Throws.TypeOf<InvalidImageDataException>()
                .With.Message.Contains("'Weight'")
                .And.Message.Contains("row 7 (image7.png): "));

    [Test]
    public void A_missing_column_and_one_of_another_type_are_named()
    {
        Assert.That(
            () => Fit(Rows(_ => 1), "Importance"),
            Throws.TypeOf<InvalidImageDataException>()
                .With.Message.Contains("no weight column 'Importance'")
                .And.Message.Contains("Weight"));
        Assert.That(
            () => Fit(Rows(_ => 1), "ImagePath"),
            Throws.TypeOf<InvalidImageDataException>()
                .With.Message.Contains("weight column 'ImagePath' must be Single")
                .And.Message.Contains("String"));
        // The same before any data is read.
        var data = Keyed(Rows(_ => 1));
        foreach (var column in new[] { "ImagePath", "Vector" })
        {
            var chain = _ml.Transforms.CopyColumns("Vector", "Image")
                .Append(_ml.PaT().ImageClassification(TinyRows.Options with { ExampleWeightColumnName = column }));
            Assert.That(
                () => chain.Fit(data),
                Throws.TypeOf<InvalidImageDataException>()
                    .With.Message.Contains($"weight column '{column}' must be Single"));
        }
    }

    [Test]
    public void Validation_and_scoring_need_no_weights()
    {
        var options = TinyRows.Options with { ExampleWeightColumnName = "Weight" };
        var train = _ml.Data.LoadFromEnumerable(Rows(i => i % 3 + 0.5f));
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(train);
        var validation = keys.Transform(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(31, first: 101)));
        using var model = _ml.PaT().ImageClassification(options).Fit(keys.Transform(train), validation);
        Assert.That(model.Report.Images.Validation, Is.EqualTo(31));
        Assert.That(
            _ml.MulticlassClassification.Evaluate(model.Transform(validation)).MicroAccuracy,
            Is.EqualTo(model.Report.Epochs[^1].Accuracy).Within(1e-9),
            "every image counts once");
    }

    private PruningAwareTrainingTransformer Fit(
        WeightedRow[] rows, string? column = "Weight", PruningAwareTrainingOptions? options = null) =>
        _ml.PaT()
            .ImageClassification((options ?? TinyRows.Options) with { ExampleWeightColumnName = column })
            .Fit(Keyed(rows));

    private IDataView Keyed(WeightedRow[] rows)
    {
        var data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private static WeightedRow[] Rows(Func<int, float> weight) =>
        [
            .. TinyRows
                .Pixels(60)
                .Select(
                    (row, i) =>
                        new WeightedRow
                        {
                            Label = row.Label,
                            ImagePath = row.ImagePath,
                            Image = row.Image,
                            Weight = weight(i),
                        }),
        ];

    private sealed class WeightedRow
    {
        public string Label { get; set; } = "";

        public string ImagePath { get; set; } = "";

        [VectorType(3 * TinyRows.Size * TinyRows.Size)]
        public float[] Image { get; set; } = [];

        public float Weight { get; set; }
    }
}
