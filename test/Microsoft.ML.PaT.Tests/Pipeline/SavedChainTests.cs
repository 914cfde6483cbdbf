using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.PaT.Tests;

public class SavedChainTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void A_reloaded_model_gives_the_same_scores_from_pixels() =>
        Same(TinyRows.Pixels(50), TinyRows.Pixels(20, first: 90));

    [Test]
    public void A_reloaded_model_gives_the_same_scores_from_images() =>
        Same(TinyRows.Images(50), TinyRows.Images(20, first: 90));

    [Test]
    public void A_reloaded_model_gives_the_same_scores_from_files() =>
        Same(TinyRows.Encoded(50), TinyRows.Encoded(20, first: 90));

    [Test]
    public void A_reloaded_model_can_be_saved_again()
    {
        using var model = Fit(TinyRows.Pixels(50));
        var data = _ml.Data.LoadFromEnumerable(TinyRows.Pixels(10));
        var once = Reload(model, data.Schema);
        var twice = Reload(once, data.Schema);
        Assert.That(
            Predictions(twice, data).Select(p => p.Score),
            Is.EqualTo(Predictions(model, data).Select(p => p.Score)).Within(1e-6));
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(10)]
    [TestCase(37)]
    public void Any_number_of_classes_has_a_score_of_that_width(int classes)
    {
        var rows = TinyRows.Pixels(4 * classes);
        for (var i = 0; i < rows.Length; i++) rows[i].Label = $"class {i % classes}";
        using var model = Fit(rows);
        var data = _ml.Data.LoadFromEnumerable(rows);
        var loaded = Reload(model, data.Schema);
        var scored = loaded.Transform(data);
        Assert.That(
            scored.Schema["Score"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, classes)));
        Assert.That(((KeyDataViewType)scored.Schema["PredictedLabel"].Type).Count, Is.EqualTo((ulong)classes));
        Assert.That(
            Predictions(loaded, data).Select(p => (p.PredictedLabel, p.Name)),
            Is.EqualTo(Predictions(model, data).Select(p => (p.PredictedLabel, p.Name))));
        Assert.That(
            scored.Schema.Select(c => c.Name).Where(n => n.StartsWith("PaT.", StringComparison.Ordinal)), Is.Empty);
        Assert.That(() => _ml.MulticlassClassification.Evaluate(scored), Throws.Nothing);
    }

    [Test]
    public void Numeric_labels_stay_numbers()
    {
        var rows = TinyRows.Pixels(40)
            .Select((r, i) => new NumberRow { Label = i % 2 == 0 ? 7.5f : 2, Image = r.Image })
            .ToArray();
        var data = _ml.Data.LoadFromEnumerable(rows);
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(TinyRows.Options))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Value", "PredictedLabel"));
        using var model = pipeline.Fit(data);
        Assert.That(
            model.OfType<PruningAwareTrainingTransformer>().Single().Model.Classes, Is.EqualTo(new[] { "7.5", "2" }));
        var loaded = Reload(model, data.Schema);
        var expected = model.Transform(data).GetColumn<float>("Value").ToArray();
        Assert.That(loaded.Transform(data).GetColumn<float>("Value"), Is.EqualTo(expected));
        Assert.That(expected, Is.All.AnyOf(7.5f, 2f));
    }

    [Test]
    public void The_model_is_loaded_once_for_all_rows_and_threads()
    {
        using var model = Fit(TinyRows.Pixels(50));
        var rows = TinyRows.Pixels(60, first: 100);
        var data = _ml.Data.LoadFromEnumerable(rows);
        var expected = Predictions(model, data);
        var loaded = Reload(model, data.Schema);
        Parallel.For(0, 4, _ =>
        {
            using var engine = _ml.Model.CreatePredictionEngine<TinyRows.PixelRow, TinyRows.Prediction>(
                loaded,
                new PredictionEngineOptions { OwnsTransformer = false });
            for (var i = 0; i < rows.Length; i++)
                Assert.That(engine.Predict(rows[i]).Score, Is.EqualTo(expected[i].Score).Within(1e-6));
        });
    }

    [Test]
    public void An_unreadable_image_is_a_named_error_after_reloading_too()
    {
        using var model = Fit(TinyRows.Encoded(40));
        var rows = TinyRows.Encoded(2);
        rows[1].Image = [0];
        var loaded = Reload(model, _ml.Data.LoadFromEnumerable(rows).Schema);
        using var engine = _ml.Model.CreatePredictionEngine<TinyRows.EncodedRow, TinyRows.Prediction>(loaded);
        Assert.That(engine.Predict(rows[0]).Score, Has.Length.EqualTo(2));
        Assert.That(() => engine.Predict(rows[1]), Throws.TypeOf<InvalidImageDataException>());
        Assert.That(engine.Predict(rows[0]).Score, Has.Length.EqualTo(2));
    }

    private void Same<TRow>(TRow[] train, TRow[] test) where TRow : class
    {
        using var model = Fit(train);
        var data = _ml.Data.LoadFromEnumerable(test);
        var expected = Predictions(model, data);
        var loaded = Reload(model, data.Schema);
        var actual = Predictions(loaded, data);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.That(actual[i].Score, Is.EqualTo(expected[i].Score).Within(1e-6));
            Assert.That(
                (actual[i].PredictedLabel, actual[i].Name), Is.EqualTo((expected[i].PredictedLabel, expected[i].Name)));
        }
        using var engine = _ml.Model.CreatePredictionEngine<TRow, TinyRows.Prediction>(loaded);
        Assert.That(engine.Predict(test[5]).Score, Is.EqualTo(expected[5].Score).Within(1e-6));
    }

    private TransformerChain<KeyToValueMappingTransformer> Fit<TRow>(TRow[] rows)
        where TRow : class =>
        _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(TinyRows.Options))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel"))
            .Fit(_ml.Data.LoadFromEnumerable(rows));

    private static ITransformer Reload(ITransformer model, DataViewSchema schema)
    {
        using var file = new MemoryStream();
        new MLContext().Model.Save(model, schema, file);
        file.Position = 0;
        return new MLContext().Model.Load(file, out _);
    }

    private TinyRows.Prediction[] Predictions(ITransformer model, IDataView data) =>
        [.. _ml.Data.CreateEnumerable<TinyRows.Prediction>(model.Transform(data), reuseRowObject: false)];

    private sealed class NumberRow
    {
        public float Label { get; set; }

        [VectorType(3 * TinyRows.Size * TinyRows.Size)]
        public float[] Image { get; set; } = [];
    }
}
