namespace Microsoft.ML.PaT.Tests;

/// <summary>Errors of the estimator in columns, labels and images.</summary>
public class EstimatorDataErrorsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void A_class_that_only_the_validation_set_has_is_named()
    {
        var train = TinyRows.Keyed(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Pixels(20)));
        var rows = TinyRows.Pixels(20);
        rows[7].Label = "top";
        var validation = TinyRows.Keyed(_ml, _ml.Data.LoadFromEnumerable(rows));
        Assert.That(
            () => _ml.PaT().ImageClassification(TinyRows.Options).Fit(train, validation),
            Throws.TypeOf<InvalidImageDataException>()
                .With.Message.Contains("'Label'")
                .And.Message.Contains("row 7 (image7.png): 'top'"));
        // A class that the keys name and no row has does no harm.
        using var model = _ml.PaT()
            .ImageClassification(TinyRows.Options)
            .Fit(train, _ml.Data.FilterRowsByKeyColumnFraction(validation, "Label", 0, 0.5));
        Assert.That(model.Report.Images.Validation, Is.InRange(1, 19));
    }

    [Test]
    public void Few_unreadable_images_are_skipped_counted_and_named()
    {
        var rows = TinyRows.Encoded(200);
        rows[33].Image = rows[33].Image[..20];
        rows[34].Image = [];
        using var model = TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(rows));
        Assert.That(model.Report.Images.UnreadableCount, Is.EqualTo(2));
        Assert.That(model.Report.Images.Unreadable[0], Does.StartWith("row 33 (image33.bmp): "));
        Assert.That(model.Report.Images.Unreadable[1], Does.StartWith("row 34 (image34.bmp): "));
        Assert.That(model.Report.Images.Training + model.Report.Images.Validation, Is.EqualTo(198));
    }

    [Test]
    public void Too_many_unreadable_images_stop_the_run_unless_allowed()
    {
        var rows = TinyRows.Encoded(100);
        foreach (var i in new[] { 5, 50, 95 }) rows[i].Image = [1, 2, 3];
        var data = _ml.Data.LoadFromEnumerable(rows);
        Assert.That(
            () => TinyRows.Fit(_ml, data),
            Throws.TypeOf<InvalidImageDataException>()
                .With.Message.Contains("3 of 100")
                .And.Message.Contains("image5.bmp")
                .And.Message.Contains("image95.bmp"));
        using var allowed = TinyRows.Fit(_ml, data, TinyRows.Options with { MaxUnreadableFraction = 0.03 });
        Assert.That(allowed.Report.Images.UnreadableCount, Is.EqualTo(3));
    }

    [Test]
    public void No_rows_one_class_and_missing_labels_are_named_errors()
    {
        Assert.That(
            () => TinyRows.Fit(
                _ml,
                _ml.Data.LoadFromEnumerable(TinyRows.Pixels(20)),
                keyed: v => _ml.Data.SkipRows(TinyRows.Keyed(_ml, v), 100)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("no rows"));
        var one = TinyRows.Pixels(20).Where(r => r.Label == "left");
        Assert.That(
            () => TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(one)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("'left'"));
        // Two keys, images of one.
        Assert.That(
            () => TinyRows.Fit(
                _ml,
                _ml.Data.LoadFromEnumerable(TinyRows.Pixels(20)),
                keyed: v => _ml.Data.TakeRows(TinyRows.Keyed(_ml, v), 1)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("'left'"));
        var mapping =
            _ml.Transforms.Conversion.MapValueToKey("Label").Fit(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(20)));
        var rows = TinyRows.Pixels(20);
        rows[3].Label = "new";
        Assert.That(
            () => TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(rows), keyed: mapping.Transform),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("row 3 (image3.png)"));
    }

    [Test]
    public void Pixels_outside_0_to_255_are_unreadable_and_named()
    {
        var rows = TinyRows.Pixels(10);
        foreach (var row in rows) row.Image[9] = -3;
        Assert.That(
            () => TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(rows)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("between 0 and 255"));
        foreach (var row in rows) row.Image[9] = float.NaN;
        Assert.That(
            () => TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(rows)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("NaN"));
    }

    [Test]
    public void Pixels_scaled_to_0_to_1_are_refused_and_dark_images_are_not()
    {
        var scaled = TinyRows.Pixels(10);
        foreach (var row in scaled) row.Image = [.. row.Image.Select(p => p / 255)];
        Assert.That(
            () => TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(scaled)),
            Throws.TypeOf<InvalidImageDataException>()
                .With.Message.Contains("scaleImage")
                .And.Message.Contains("image0.png"));
        var dark = TinyRows.Pixels(10);
        foreach (var row in dark) row.Image = [.. row.Image.Select(p => p > 100 ? 1f : 0f)];
        using var model = TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(dark));
        Assert.That(model.Report.Images.UnreadableCount, Is.Zero);
    }

    [Test]
    public void A_validation_set_without_the_columns_is_refused_before_images_are_read()
    {
        var raw = _ml.Data.LoadFromEnumerable(TinyRows.Encoded(4));
        var rows = TinyRows.Encoded(4);
        rows[0].Image = []; // unreadable: an error if it were read
        var options = TinyRows.Options with { ValidationSet = raw };
        Assert.That(
            () => TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(rows), options),
            Throws.TypeOf<InvalidImageDataException>()
                .With.Message.Contains("validation data")
                .And.Message.Contains("must be a key")
                .And.Message.Contains("do not transform it"));
    }

    [Test]
    public void Missing_and_wrong_columns_throw_with_the_expected_and_the_found_type()
    {
        var raw = _ml.Data.LoadFromEnumerable(TinyRows.Pixels(20));
        var estimator = _ml.PaT().ImageClassification(TinyRows.Options);
        Assert.That(
            () => estimator.Fit(raw),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("'Label' must be a key"));
        Assert.That(
            () => TinyRows.Fit(_ml, raw, TinyRows.Options with { ImageColumnName = "Photo" }),
            Throws.TypeOf<InvalidImageDataException>()
                .With.Message.Contains("no image column 'Photo'")
                .And.Message.Contains("ImagePath"));
        Assert.That(
            () => TinyRows.Fit(_ml, raw, TinyRows.Options with { LabelColumnName = "Class" }),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("no label column 'Class'"));
        Assert.That(
            () => TinyRows.Fit(_ml, raw, TinyRows.Options with { ImageColumnName = "ImagePath" }),
            Throws.TypeOf<InvalidImageDataException>()
                .With.Message.Contains("LoadImages")
                .And.Message.Contains("String"));
        Assert.That(
            () =>
                TinyRows.Fit(
                    _ml,
                    raw,
                    TinyRows.Options with { Images = new() { Height = 9, Width = 9 } }),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("192 values").And.Message.Contains("243"));

        // The same before any data is read: through the shape of a schema, in a chain.
        var chain = _ml.Transforms.CopyColumns("Other", "ImagePath").Append(estimator);
        Assert.That(
            () => chain.Fit(raw),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("'Label' must be a key"));
        var wrong = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(TinyRows.Options with { ImageColumnName = "ImagePath" }));
        Assert.That(
            () => wrong.Fit(raw), Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("LoadImages"));
    }

    [Test]
    public void Parameters_name_columns_and_give_the_validation_set()
    {
        var data = TinyRows.Keyed(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Pixels(4)));
        var estimator = _ml.PaT().ImageClassification(
            scoreColumnName: "Probabilities", predictedLabelColumnName: "Class", validationSet: data);
        Assert.That(
            estimator.GetOutputSchema(SchemaShapes.Of(_ml, data)).Select(c => c.Name),
            Is.SupersetOf(new[] { "Probabilities", "Class" }).And.No.Member("Score").And.No.Member("PredictedLabel"));
        Assert.That(
            () => estimator.Fit(data, data),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("ValidationSet is set"));
    }

    [Test]
    public void Options_are_checked_before_anything_is_read() =>
        Assert.That(
            () =>
                _ml.PaT()
                    .ImageClassification(pruningRatio: 1.5, epochs: 0)
                    .Fit(TinyRows.Keyed(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Pixels(4)))),
            Throws.TypeOf<InvalidOptionsException>()
                .With.Message.Contains("Pruning.Target")
                .And.Message.Contains("Training.Epochs"));
}
