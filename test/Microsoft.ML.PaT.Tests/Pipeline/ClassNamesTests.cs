using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests;

public sealed class ClassNamesTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void Class_names_are_the_same_before_and_after_saving()
    {
        var data = _ml.Data.LoadFromEnumerable(TinyRows.Encoded(32));
        using var model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(TinyRows.Options))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        var expected = model.OfType<PruningAwareTrainingTransformer>().Single().Model.Classes;
        Assert.That(model.ClassNames(data.Schema), Is.EqualTo(expected));

        using var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        var loaded = new MLContext().Model.Load(file, out var schema);
        Assert.That(loaded.ClassNames(schema), Is.EqualTo(expected));
        Assert.That(ConsumptionCode(loaded), Is.EqualTo(expected), "the code that Model Builder writes");
        (loaded as IDisposable)?.Dispose();
    }

    [Test]
    public void A_model_of_something_else_is_named()
    {
        var data = _ml.Data.LoadFromEnumerable(TinyRows.Pixels(4));
        using var model =
            _ml.Transforms.CopyColumns("Copy", "Image").Append(_ml.Transforms.DropColumns("Copy")).Fit(data);
        Assert.That(
            () => model.ClassNames(data.Schema),
            Throws.InstanceOf<PaTException>().With.Message.Contains("PredictedLabel"));
    }

    private List<string> ConsumptionCode(ITransformer model)
    {
        using var engine = _ml.Model.CreatePredictionEngine<TinyRows.EncodedRow, ModelOutput>(model);
        var schema = engine.OutputSchema;
        var labelColumn = schema.GetColumnOrNull("Label");
        var keyNames = default(VBuffer<ReadOnlyMemory<char>>);
        labelColumn!.Value.GetKeyValues(ref keyNames);
        return [.. keyNames.DenseValues().Select(x => x.ToString())];
    }

    private sealed class ModelOutput
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }
}
