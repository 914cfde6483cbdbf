using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests;

/// <summary>The chain of ML.NET's own transformers scores like the transformer, before and after saving.</summary>
public class OnnxEstimatorTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void Images() => Same(TinyRows.Images(40), () => TinyRows.Images(20, first: 90));

    [Test]
    public void Pixels_as_floats() => Same(TinyRows.Pixels(40), () => TinyRows.Pixels(20, first: 90));

    [Test]
    public void A_classifier_of_encoded_images_scores_decoded_ones()
    {
        using var model = Fit(TinyRows.Encoded(40));
        var expected = Predictions(model.Transform(Data(TinyRows.Encoded(20, first: 90))));
        Same(expected, model, () => Data(TinyRows.Images(20, first: 90)));
    }

    [Test]
    public void ApplyOnnxModel_takes_the_exported_file()
    {
        using var model = Fit(TinyRows.Images(40));
        var expected = Predictions(model.Transform(Data(TinyRows.Images(20, first: 90)))).SelectMany(p => p.Score);
        using var file = new MemoryStream();
        model.OfType<PruningAwareTrainingTransformer>().Single().Model.SaveOnnx(file);
        file.Position = 0;
        var data = Data(TinyRows.Images(20, first: 90));
        var scored = _ml.Transforms.ExtractPixels("input", "Image", outputAsFloatArray: false)
            .Append(_ml.Transforms.ApplyOnnxModel("scores", "input", file)).Fit(data).Transform(data);
        Assert.That(scored.GetColumn<float[]>("scores").SelectMany(s => s), Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void Columns_of_the_input_keep_their_names_and_metrics_can_be_computed()
    {
        using var model = Fit(TinyRows.Images(40));
        var data = model.First().Transform(Data(TinyRows.Images(20, first: 90)));
        var taken = _ml.Transforms.CopyColumns("class", "Label")
            .Append(_ml.Transforms.CopyColumns("input", "Label"))
            .Fit(data)
            .Transform(data);
        var scored = Onnx(model).Fit(taken).Transform(taken);
        Assert.That(
            scored.Schema.Select(c => c.Name),
            Is.EquivalentTo((string[])[.. taken.Schema.Select(c => c.Name), "Score", "PredictedLabel"]));
        Assert.That(scored.Schema["Score"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 1, 2)));
        Assert.That(scored.Schema["PredictedLabel"].Type, Is.EqualTo(new KeyDataViewType(typeof(uint), 2)));
        var expected = _ml.MulticlassClassification.Evaluate(model.Transform(Data(TinyRows.Images(20, first: 90))));
        var actual = _ml.MulticlassClassification.Evaluate(scored);
        Assert.That(
            (actual.MicroAccuracy, actual.LogLoss),
            Is.EqualTo((expected.MicroAccuracy, expected.LogLoss)).Within(1e-5));
    }

    [Test]
    public void Numeric_labels_and_many_classes()
    {
        const int Classes = 300;
        var rows = TinyRows.Images(2 * Classes)
            .Select((r, i) => new NumberRow { Label = i % Classes + 0.5f, Image = r.Image })
            .ToArray();
        using var model = Fit(rows);
        var expected = model.Transform(Data(rows)).GetColumn<float>("Name").ToArray();
        var onnx = Reload(
            Onnx(model).Append(_ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel")).Fit(Data(rows)),
            Data(rows).Schema);
        Assert.That(onnx.Transform(Data(rows)).GetColumn<float>("Name"), Is.EqualTo(expected));
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(1));
    }

    private void Same<TRow>(TRow[] train, Func<TRow[]> test) where TRow : class
    {
        using var model = Fit(train);
        Same(Predictions(model.Transform(Data(test()))), model, () => Data(test()));
    }

    /// <param name="expected">Predictions of the transformer.</param>
    /// <param name="model">The chain with the transformer.</param>
    /// <param name="data">Creates the data for each call, because ML.NET's transformers dispose the images that they
    /// read.</param>
    private void Same(
        TinyRows.Prediction[] expected,
        TransformerChain<Transforms.KeyToValueMappingTransformer> model,
        Func<IDataView> data)
    {
        var fitted = Onnx(model).Append(_ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel")).Fit(data());
        foreach (var onnx in (ITransformer[])[fitted, Reload(fitted, data().Schema)])
        {
            var actual = Predictions(onnx.Transform(data()));
            Assert.That(actual.SelectMany(p => p.Score), Is.EqualTo(expected.SelectMany(p => p.Score)).Within(1e-5));
            Assert.That(
                actual.Select(p => (p.PredictedLabel, p.Name)),
                Is.EqualTo(expected.Select(p => (p.PredictedLabel, p.Name))));
        }
    }

    private IEstimator<ITransformer> Onnx(TransformerChain<Transforms.KeyToValueMappingTransformer> model) =>
        model.OfType<PruningAwareTrainingTransformer>().Single().ToOnnxEstimator(_ml);

    private TransformerChain<Transforms.KeyToValueMappingTransformer> Fit<TRow>(TRow[] rows)
        where TRow : class =>
        _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(TinyRows.Options))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel"))
            .Fit(Data(rows));

    private IDataView Data<TRow>(TRow[] rows) where TRow : class => _ml.Data.LoadFromEnumerable(rows);

    private static ITransformer Reload(ITransformer model, DataViewSchema schema)
    {
        using var file = new MemoryStream();
        new MLContext().Model.Save(model, schema, file);
        file.Position = 0;
        return new MLContext().Model.Load(file, out _);
    }

    private TinyRows.Prediction[] Predictions(IDataView scored) =>
        [.. _ml.Data.CreateEnumerable<TinyRows.Prediction>(scored, reuseRowObject: false)];

    private sealed class NumberRow
    {
        public float Label { get; set; }

        [Microsoft.ML.Transforms.Image.ImageType(TinyRows.Size, TinyRows.Size)]
        public MLImage Image { get; set; } = null!;
    }
}
