using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests;

/// <summary>ML.NET's <c>ConvertToOnnx</c> never writes a model without the network.</summary>
public class OnnxConversionTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void Converting_the_transformer_alone_throws()
    {
        using var model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(TinyRows.Options))
            .Fit(Data);
        Assert.That(() => Convert(model), Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("SaveOnnx"));
        Assert.That(
            () => Convert(model.LastTransformer, model.Transform(Data)), Throws.TypeOf<InvalidOptionsException>());
    }

    [Test]
    public void Converting_a_chain_that_goes_on_throws()
    {
        using var model = Fit();
        Assert.That(() => Convert(model), Throws.TypeOf<InvalidOptionsException>());
        using var file = new MemoryStream();
        Assert.That(
            () => _ml.Model.ConvertToOnnx(model, Data, file, "Score"), Throws.TypeOf<InvalidOptionsException>());
        Assert.That(file.Length, Is.Zero);
    }

    [Test]
    public void Converting_a_reloaded_chain_throws()
    {
        using var model = Fit();
        using var file = new MemoryStream();
        _ml.Model.Save(model, Data.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);
        Assert.That(
            () => Convert(loaded),
            Throws.InvalidOperationException.With.Message.Contains("can not be fully converted"));
    }

    private IDataView Data => _ml.Data.LoadFromEnumerable(TinyRows.Pixels(40));

    private TransformerChain<Transforms.KeyToValueMappingTransformer> Fit() =>
        _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(TinyRows.Options))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(Data);

    private void Convert(ITransformer model, IDataView? data = null)
    {
        using var file = new MemoryStream();
        _ml.Model.ConvertToOnnx(model, data ?? Data, file);
    }
}
