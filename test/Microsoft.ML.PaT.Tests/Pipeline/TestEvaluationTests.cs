using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests;

public class TestEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);
    private PruningAwareTrainingTransformer _model = null!;

    [OneTimeSetUp]
    public void Train() => _model = _ml.PaT().ImageClassification(TinyRows.Options).Fit(Keyed(TinyRows.Encoded(60)));

    [OneTimeTearDown]
    public void Free() => _model.Dispose();

    [Test]
    public void Agrees_with_the_metrics_of_ml_net()
    {
        var data = Keyed(TinyRows.Encoded(50));
        var report = _model.Evaluate(data);
        var expected = _ml.MulticlassClassification.Evaluate(_model.Transform(data));
        Assert.That(report.Test!.Count, Is.EqualTo(50));
        Assert.That(report.Test.Accuracy, Is.EqualTo(expected.MicroAccuracy).Within(1e-12));
        Assert.That(report.Classification!.Set, Is.EqualTo("test"));
        Assert.That(report.Classification.Loss, Is.EqualTo(expected.LogLoss).Within(1e-6));
        var correct = report.Classification.Classes.Sum(c => c.Correct);
        Assert.That(correct, Is.EqualTo(report.Test.Accuracy * 50).Within(1e-9));
        var untested = report with { Test = null, Classification = _model.Report.Classification };
        Assert.That(untested, Is.EqualTo(_model.Report));
    }

    [Test]
    public void Labels_are_matched_by_name_whatever_the_order_of_their_keys()
    {
        var rows = TinyRows.Encoded(50);
        var reversed = _model.Evaluate(Keyed(rows.AsEnumerable().Reverse()));
        Assert.That(reversed.Test, Is.EqualTo(_model.Evaluate(Keyed(rows)).Test));
    }

    [Test]
    public void Worst_images_have_the_names_of_their_rows()
    {
        var wrong = TinyRows.Encoded(50);
        foreach (var row in wrong) row.Label = row.Label == "left" ? "right" : "left";
        var worst = _model.Evaluate(Keyed(wrong)).Classification!.Worst;
        Assert.That(worst, Is.Not.Empty);
        Assert.That(worst.Select(w => w.Name), Has.All.Match("^image[0-9]+.bmp$"));
    }

    [Test]
    public void Images_in_another_form_than_those_of_training_are_evaluated_alike()
    {
        // The model was trained on encoded images; wrong labels, so that images are shown.
        var expected = _model.Evaluate(Keyed(Wrong(TinyRows.Encoded(50), r => r.Label, (r, l) => r.Label = l)));
        var decoded = _model.Evaluate(Keyed(Wrong(TinyRows.Images(50), r => r.Label, (r, l) => r.Label = l)));
        var pixels = _model.Evaluate(Keyed(Wrong(TinyRows.Pixels(50), r => r.Label, (r, l) => r.Label = l)));
        Assert.That(expected.Classification!.Worst, Is.Not.Empty);
        foreach (var actual in new[] { decoded, pixels })
        {
            Assert.That(actual.Test, Is.EqualTo(expected.Test));
            Assert.That(
                actual.Classification!.Worst.Select(w => w.Png),
                Is.EquivalentTo(expected.Classification.Worst.Select(w => w.Png)));
        }

        static TRow[] Wrong<TRow>(TRow[] rows, Func<TRow, string> label, Action<TRow, string> set)
        {
            foreach (var row in rows) set(row, label(row) == "left" ? "right" : "left");
            return rows;
        }
    }

    [Test]
    public void An_image_that_changes_during_the_evaluation_is_named()
    {
        var good = TinyRows.Encoded(1)[0];
        // The row objects are the same for all cursors.
        ChangingRow[] rows =
        [
            .. Enumerable.Range(0, 3).Select(_ => new ChangingRow { Label = "right", First = good.Image }),
            new() { Label = "left", First = good.Image },
        ];
        Assert.That(
            () => _model.Evaluate(Keyed(rows)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("was scored and cannot be read again"));
    }

    [Test]
    public void A_label_that_training_did_not_have_is_named()
    {
        var rows = TinyRows.Encoded(3).Append(new() { Label = "zebra", Image = TinyRows.Encoded(1)[0].Image });
        Assert.That(() => _model.Evaluate(Keyed(rows)), Throws.TypeOf<InvalidImageDataException>()
            .With.Message.Contains("Row 3").And.Message.Contains("'zebra', which is not a class of the model"));
        var none = _ml.Data.SkipRows(Keyed(TinyRows.Encoded(3)), 3);
        Assert.That(
            () => _model.Evaluate(none), Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("no rows"));
    }

    /// <summary>A row whose image can be read once.</summary>
    private sealed class ChangingRow
    {
        private int _reads;

        public string Label { get; set; } = "";

        [NoColumn]
        public byte[] First { get; set; } = [];

        public byte[] Image
        {
            get => _reads++ == 0 ? First : [1, 2, 3];
            set => First = value;
        }
    }

    private IDataView Keyed<TRow>(IEnumerable<TRow> rows)
        where TRow : class
    {
        var data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }
}
