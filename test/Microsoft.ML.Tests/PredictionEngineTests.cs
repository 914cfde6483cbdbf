using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class PredictionEngineTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Input
    {
        public string Name { get; set; } = "";
    }

    private sealed class Output
    {
        public uint Key { get; set; }
        public string Again { get; set; } = "";
        public string Unknown { get; set; } = "unset";
    }

    private ITransformer Model() => _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Append(_ml.Transforms.Conversion.MapKeyToValue("Again", "Key")).Fit(Rows.Table(_ml));

    [Test]
    public void PredictsOneRowAfterAnother()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(Model());
        Assert.That(engine.Predict(new() { Name = "dog" }) is { Key: 2, Again: "dog", Unknown: "unset" });
        Assert.That(engine.Predict(new() { Name = "cat" }) is { Key: 1, Again: "cat" });
        Assert.That(engine.Predict(new() { Name = "emu" }) is { Key: 0, Again: "" });
        var reused = new Output();
        engine.Predict(new() { Name = "ant" }, ref reused);
        Assert.That(reused.Key, Is.EqualTo(3));
        Assert.That(engine.OutputSchema.GetColumnOrNull("Again"), Is.Not.Null);
    }

    [Test]
    public void MissingColumnsAreRefusedWhenAsked() =>
        Assert.That(() => _ml.Model.CreatePredictionEngine<Input, Output>(Model(), ignoreMissingColumns: false), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void InputMustHaveWhatTheModelNeeds() =>
        Assert.That(() => _ml.Model.CreatePredictionEngine<Output, Output>(Model()), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private sealed class KeyedInput
    {
        public uint Key { get; set; }
    }

    [Test]
    public void InputSchemaBringsTypesAndAnnotations()
    {
        var data = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(Rows.Table(_ml)).Transform(Rows.Table(_ml));
        var model = _ml.Transforms.Conversion.MapKeyToValue("Again", "Key").Fit(data);
        var options = new PredictionEngineOptions { InputSchemaDefinition = SchemaDefinition.Create(typeof(KeyedInput)), OwnsTransformer = false };
        Assert.That(() => _ml.Model.CreatePredictionEngine<KeyedInput, Named>(model, options), Throws.InstanceOf<ArgumentOutOfRangeException>(), "a plain number has no key values");
        using var engine = _ml.Model.CreatePredictionEngine<KeyedInput, Named>(model, data.Schema);
        Assert.That(engine.Predict(new() { Key = 2 }).Again, Is.EqualTo("dog"));
    }

    private sealed class Named
    {
        public string Again { get; set; } = "";
    }
}
