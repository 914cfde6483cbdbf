using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// <see cref="PruningAwareTrainingTransformer.Evaluate"/> and <see cref="PruningAwareTrainingOptions.Validate"/>.
/// </summary>
public class EvaluateTests
{
    private readonly MLContext _ml = new(seed: 1);
    private TransformerChain<PruningAwareTrainingTransformer> _model = null!;

    [OneTimeSetUp]
    public void Train() => _model = _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(_ml.PaT().ImageClassification(TinyRows.Options))
        .Fit(_ml.Data.LoadFromEnumerable(TinyRows.Encoded(40)));

    [OneTimeTearDown]
    public void Free() => _model.Dispose();

    [Test]
    public void The_report_gets_the_accuracy_that_MLNet_computes()
    {
        var data = Keyed(TinyRows.Encoded(30, first: 100));
        var expected = _ml.MulticlassClassification.Evaluate(_model.LastTransformer.Transform(data)).MicroAccuracy;
        var report = _model.LastTransformer.Evaluate(data);
        Assert.That((report.Test!.Accuracy, report.Test.Count), Is.EqualTo((expected, 30)));
        Assert.That(report.Classification!.Set, Is.EqualTo("test"));
        Assert.That(report.Classification.Worst.Select(w => w.Name), Is.All.StartsWith("image"));
        Assert.That(_model.LastTransformer.Report.Test, Is.Null, "the report of the run stays as it was");
    }

    [Test]
    public void A_class_that_training_lacks_is_named()
    {
        var rows = TinyRows.Encoded(4);
        rows[2].Label = "up";
        var data = _ml.Data.LoadFromEnumerable(rows);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        Assert.That(
            () => _model.LastTransformer.Evaluate(keyed),
            Throws.TypeOf<InvalidImageDataException>()
                .With.Message.StartsWith("Row 2 (image2.bmp) of the test data has 'up'"));
    }

    [Test]
    public void No_rows_are_an_error() =>
        Assert.That(
            () => _model.LastTransformer.Evaluate(Keyed([])),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("no rows"));

    [Test]
    public void Options_are_checked_without_training()
    {
        var options = new PruningAwareTrainingOptions();
        Assert.That(() => options.Validate(), Throws.Nothing);
        Assert.That(() => options.Validate(10), Throws.Nothing);
        Assert.That(
            () => (options with { Training = new() { Epochs = 0 } }).Validate(),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("Training.Epochs"));
        var greedy = options with { Pruning = new() { Target = PruningTarget.Channels(0.999) } };
        Assert.That(() => greedy.Validate(), Throws.Nothing, "the network depends on the classes");
        Assert.That(() => greedy.Validate(10), Throws.TypeOf<UnreachableTargetException>());
        Assert.That(
            () => (greedy with { Pruning = greedy.Pruning with { Policy = PruningPolicy.Never } }).Validate(10),
            Throws.Nothing);
    }

    private IDataView Keyed(TinyRows.EncodedRow[] rows) =>
        _model.First().Transform(_ml.Data.LoadFromEnumerable(rows));
}
