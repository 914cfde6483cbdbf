using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

/// <summary>The way in which a third party's transformer saves itself as an ordinary model.</summary>
public class RouteATests
{
    private readonly MLContext _ml = new(1);

    private sealed class Example
    {
        public string Label { get; set; } = "";
        [VectorType(3)] public float[] Features { get; set; } = [];
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
        public string Predicted { get; set; } = "";
    }

    private static readonly Example[] _examples =
    [
        new() { Label = "cat", Features = [1, 0, 0] },
        new() { Label = "dog", Features = [0, 1, 0] },
        new() { Label = "ant", Features = [0, 0, 1] },
        new() { Label = "ant", Features = [1, 0, 0] },
    ];

    private IDataView Data => _ml.Data.LoadFromEnumerable(_examples);

    private IEstimator<ITransformer> Pipeline(params byte[] model) => _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ToyScorer.Estimator(_ml, model))
        .Append(_ml.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel"));

    private (MLContext, ITransformer) Reloaded(ITransformer model)
    {
        var stream = new MemoryStream();
        _ml.Model.Save(model, Data.Schema, stream);
        stream.Position = 0;
        var fresh = new MLContext();
        return (fresh, fresh.Model.Load(stream, out _));
    }

    [Test]
    public void ScoresEvaluatesAndMapsBack()
    {
        var scored = Pipeline(3, 3, 3).Fit(Data).Transform(Data);
        Assert.That(scored.Schema["Score"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 3)));
        Assert.That(scored.Schema["PredictedLabel"].Type, Is.EqualTo(new KeyDataViewType(typeof(uint), 3)));
        Assert.That(scored.Schema.Any(c => c.Name.StartsWith("Toy")), Is.False);
        Assert.That(scored.Texts("Predicted"), Is.EqualTo(new[] { "cat", "dog", "ant", "cat" }));
        Assert.That(_ml.MulticlassClassification.Evaluate(scored).MicroAccuracy, Is.EqualTo(0.75));
    }

    [Test]
    public void ReloadsInAFreshContextWithoutRegistration()
    {
        var model = Pipeline(3, 4, 5).Fit(Data);
        var (fresh, reloaded) = Reloaded(model);
        Assert.That(EstimatorChecks.Contents(reloaded.Transform(Data)), Is.EqualTo(EstimatorChecks.Contents(model.Transform(Data))));
        using var engine = fresh.Model.CreatePredictionEngine<Example, Prediction>(reloaded);
        var prediction = engine.Predict(_examples[1]);
        Assert.That(prediction.Predicted, Is.EqualTo("dog"));
        Assert.That(prediction.Score.Sum(), Is.EqualTo(1).Within(1e-5));
        Assert.That(prediction.Score, Has.Length.EqualTo(3));
    }

    [Test]
    public void AThirdPartysTransformerSavesByHandingTheContextOn()
    {
        var inner = ToyScorer.Estimator(_ml, [1, 2, 3]).Fit(Data);
        var (_, reloaded) = Reloaded(new Wrapper(inner));
        Assert.That(reloaded.Transform(Data).GetColumn<float[]>("Score"), Is.EqualTo(inner.Transform(Data).GetColumn<float[]>("Score")));
        var (_, chain) = Reloaded(new TransformerChain<ITransformer>(_ml.Transforms.Conversion.MapValueToKey("Label").Fit(Data), new Wrapper(inner)));
        Assert.That(chain.Transform(Data).Schema.GetColumnOrNull("Score"), Is.Not.Null);
    }

    /// <summary>Borrowing shapes: a third party cannot make columns of shapes, but built-in estimators make them.</summary>
    [Test]
    public void ShapesCanBeBorrowedFromBuiltInEstimators()
    {
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Data).Transform(Data);
        var shape = _ml.Transforms.CopyColumns("PredictedLabel", "Label").GetOutputSchema(ShapeSpy.Of(keyed));
        var borrowed = shape.Single(c => c.Name == "PredictedLabel");
        Assert.That(borrowed.IsKey && borrowed.Annotations.Any(a => a.Name == "KeyValues"));
        var scores = _ml.Transforms.CustomMapping<ToyScorer.Nothing, ToyScorer.ScorerOutput>((_, _) => { }, null).GetOutputSchema(shape);
        Assert.That(scores.Single(c => c.Name == "Score").Kind, Is.EqualTo(SchemaShape.Column.VectorKind.Vector));
        Assert.That(() => _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").GetOutputSchema(scores), Throws.Nothing);
    }

    [Test]
    public void CrossValidationTrainsOneModelAFold()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 120).Select(i => _examples[i % 3]).ToList());
        var results = _ml.MulticlassClassification.CrossValidate(
            _ml.Transforms.Conversion.MapValueToKey("Label", keyData: Terms()).Fit(data).Transform(data), ToyScorer.Estimator(_ml, [2, 2, 2]), 4, seed: 1);
        Assert.That(results.Select(r => r.Fold), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        Assert.That(results.Select(r => r.Metrics.MicroAccuracy), Is.All.EqualTo(1));
        Assert.That(results.Sum(r => r.ScoredHoldOutSet.GetColumn<uint>("Label").Count()), Is.EqualTo(120));
        Assert.That(results.Select(r => r.Model).Distinct().Count(), Is.EqualTo(4));
    }

    [Test]
    public void MappingWithoutAContractCannotBeSaved()
    {
        var model = _ml.Transforms.CustomMapping<ToyScorer.Nothing, ToyScorer.Keyed>((_, k) => k.Key = "", null).Fit(Data);
        Assert.That(() => _ml.Model.Save(model, Data.Schema, new MemoryStream()), Throws.InvalidOperationException);
    }

    [Test]
    public void ContractNobodyRegisteredIsNamedWhenLoading()
    {
        var model = _ml.Transforms.CustomMapping<ToyScorer.Nothing, ToyScorer.Keyed>((_, k) => k.Key = "", "nobody's contract").Fit(Data);
        Assert.That(() => Reloaded(model), Throws.InvalidOperationException.With.Message.Contains("nobody's contract"));
    }

    private sealed class Term
    {
        public string Value { get; set; } = "";
    }

    private IDataView Terms() => _ml.Data.LoadFromEnumerable(ToyScorer.Labels.Select(l => new Term { Value = l }));

    private sealed class Wrapper(ITransformer inner) : ITransformer
    {
        public bool IsRowToRowMapper => inner.IsRowToRowMapper;
        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);
        public IDataView Transform(IDataView input) => inner.Transform(input);
        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);
        public void Save(ModelSaveContext ctx) => inner.Save(ctx);
    }
}
