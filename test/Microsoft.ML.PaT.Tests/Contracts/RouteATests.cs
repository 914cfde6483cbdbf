using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests.Contracts;

/// <summary>
/// Saving a transformer from outside ML.NET in an ordinary <c>model.zip</c> (docs/decisions/saved-models.md).
/// </summary>
public class RouteATests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data => _ml.Data.LoadFromEnumerable(ToyScorer.Examples);

    private IEstimator<ITransformer> Pipeline => _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ToyScorer.Estimator(_ml, 3, 4, 5))
        .Append(_ml.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel"));

    [Test]
    public void The_chain_scores_and_its_scores_can_be_evaluated()
    {
        var scored = Pipeline.Fit(Data).Transform(Data);
        Assert.That(scored.Schema["Score"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 3)));
        Assert.That(scored.Schema["PredictedLabel"].Type, Is.EqualTo(new KeyDataViewType(typeof(uint), 3)));
        Assert.That(scored.Schema.Select(c => c.Name)
            .Where(n => n.StartsWith("Toy.", StringComparison.Ordinal)), Is.Empty);
        Assert.That(scored.GetColumn<string>("Predicted"), Is.EqualTo(new[] { "cat", "dog", "ant", "cat" }));
        Assert.That(_ml.MulticlassClassification.Evaluate(scored).MicroAccuracy, Is.EqualTo(0.75));
    }

    [Test]
    public void It_reloads_in_a_fresh_context_without_registration()
    {
        var model = Pipeline.Fit(Data);
        var reloaded = ToyScorer.Reloaded(model, Data.Schema);
        var (before, after) = (model.Transform(Data), reloaded.Transform(Data));
        Assert.That(after.GetColumn<float[]>("Score"), Is.EqualTo(before.GetColumn<float[]>("Score")));
        Assert.That(after.GetColumn<string>("Predicted"), Is.EqualTo(before.GetColumn<string>("Predicted")));
        Assert.That(after.Schema.Select(c => (c.Name, c.Type)),
            Is.EqualTo(before.Schema.Select(c => (c.Name, c.Type))));
        using var engine = _ml.Model.CreatePredictionEngine<ToyScorer.Example, Prediction>(reloaded);
        Assert.That(engine.Predict(ToyScorer.Examples[1]).Predicted, Is.EqualTo("dog"));
    }

    [Test]
    public void A_transformer_saves_itself_by_handing_the_context_to_another()
    {
        var inner = ToyScorer.Estimator(_ml, 1, 2, 3).Fit(Data);
        var scores = inner.Transform(Data).GetColumn<float[]>("Score").ToArray();
        var alone = ToyScorer.Reloaded(new Wrapper(inner), Data.Schema);
        Assert.That(alone.Transform(Data).GetColumn<float[]>("Score"), Is.EqualTo(scores));
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Data);
        var chain = ToyScorer.Reloaded(new TransformerChain<ITransformer>(keys, new Wrapper(inner)), Data.Schema);
        Assert.That(chain.Transform(Data).GetColumn<float[]>("Score"), Is.EqualTo(scores));
    }

    [Test]
    public void A_text_value_of_a_look_up_table_is_the_same_memory_in_every_row()
    {
        var text = new string('x', 1000);
        var mapped = _ml.Transforms.Conversion.MapValue("Text", Labels(text), "Label").Fit(Data).Transform(Data);
        using var cursor = mapped.GetRowCursor([mapped.Schema["Text"]]);
        var getter = cursor.GetGetter<ReadOnlyMemory<char>>(mapped.Schema["Text"]);
        var values = new List<ReadOnlyMemory<char>>();
        for (ReadOnlyMemory<char> value = default; cursor.MoveNext(); values.Add(value)) getter(ref value);
        Assert.That(values, Has.Count.EqualTo(4));
        Assert.That(values.All(v => v.Equals(values[0]) && v.Length == text.Length),
            "ReadOnlyMemory compares references: nothing was copied");
    }

    [Test]
    public void A_mapping_without_a_contract_cannot_be_saved()
    {
        var model = Mapping(contract: null);
        Assert.That(() => ToyScorer.Reloaded(model, Data.Schema), Throws.Exception);
    }

    [Test]
    public void A_contract_that_no_factory_has_is_named_when_the_model_is_loaded()
    {
        var model = Mapping("nobody's contract");
        Assert.That(() => ToyScorer.Reloaded(model, Data.Schema),
            Throws.Exception.Matches<Exception>(e => $"{e}".Contains("nobody's contract", StringComparison.Ordinal)));
    }

    private ITransformer Mapping(string? contract) =>
        _ml.Transforms.CustomMapping<ToyScorer.Nothing, ToyScorer.Keyed>((_, k) => k.Key = "", contract).Fit(Data);

    private static IEnumerable<KeyValuePair<string, string>> Labels(string text) =>
        ToyScorer.Labels.Select(l => KeyValuePair.Create(l, text));

    private sealed class Prediction
    {
        public string Predicted { get; set; } = "";
    }

    private sealed class Wrapper(ITransformer inner) : ITransformer
    {
        public bool IsRowToRowMapper => inner.IsRowToRowMapper;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

        public IDataView Transform(IDataView input) => inner.Transform(input);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);

        public void Save(ModelSaveContext ctx) => inner.Save(ctx);
    }
}
