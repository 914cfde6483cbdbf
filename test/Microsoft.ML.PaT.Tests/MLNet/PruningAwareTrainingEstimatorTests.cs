using Microsoft.ML.Data;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.PaT.Tests;

public class PruningAwareTrainingEstimatorTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void Learns_from_decoded_images_encoded_ones_and_pixels_alike()
    {
        var options = TinyRows.Options with { Training = TinyRows.Options.Training with { Epochs = 3 } };
        using var fromPixels = Fit(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(120)), options);
        using var fromImages = Fit(_ml.Data.LoadFromEnumerable(TinyRows.Images(120)), options);
        using var fromFiles = Fit(_ml.Data.LoadFromEnumerable(TinyRows.Encoded(120)), options);
        Assert.That(fromPixels.Report.Epochs[^1].Accuracy, Is.EqualTo(1));
        // The same bytes and the same seed: the same run.
        Assert.That(fromImages.Report.Epochs[^1].TrainLoss, Is.EqualTo(fromPixels.Report.Epochs[^1].TrainLoss));
        Assert.That(fromFiles.Report.Epochs[^1].TrainLoss, Is.EqualTo(fromPixels.Report.Epochs[^1].TrainLoss));
    }

    [Test]
    public void Interleaved_and_byte_pixels_are_read_as_said()
    {
        var interleaved = TinyRows.Pixels(80).Select(r => new ByteRow { Label = r.Label, Image = Interleave(r.Image) });
        using var planar = Fit(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(80)));
        using var same = Fit(
            _ml.Data.LoadFromEnumerable(interleaved),
            TinyRows.Options with { InterleavePixelColors = true });
        Assert.That(same.Report.Epochs[0].TrainLoss, Is.EqualTo(planar.Report.Epochs[0].TrainLoss));
    }

    [Test]
    public void What_ExtractPixels_writes_is_read_with_its_own_size()
    {
        var images = _ml.Data.LoadFromEnumerable(TinyRows.Images(60));
        var pipeline =
            _ml.Transforms.ExtractPixels("Image", "Image").Append(_ml.Transforms.Conversion.MapValueToKey("Label"));
        var data = pipeline.Fit(images).Transform(images);
        using var direct = Fit(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(60)));
        using var extracted = _ml.PaT().ImageClassification(TinyRows.Options).Fit(data);
        Assert.That(extracted.Report.Epochs[0].TrainLoss, Is.EqualTo(direct.Report.Epochs[0].TrainLoss));
    }

    [Test]
    public void Images_of_any_size_are_resized()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 40)
            .Select(i =>
            {
                var (height, width) = (random.Next(1, 30), random.Next(2, 30));
                var planar = Enumerable.Range(0, 3 * height * width)
                    .Select(p => (byte)(p % width < width / 2 == (i % 2 == 0) ? 200 : 20))
                    .ToArray();
                return new TinyRows.ImageRow
                {
                    Label = TinyRows.Label(i),
                    Image = TinyRows.Image(planar, height, width),
                };
            })
            .ToArray();
        using var model = Fit(_ml.Data.LoadFromEnumerable(rows));
        Assert.That(model.Model.Input, Is.EqualTo(new ImageShape(3, 8, 8)));
        Assert.That(model.Report.Images.Training + model.Report.Images.Validation, Is.EqualTo(40));
    }

    [Test]
    public void Fit_holds_out_a_fraction_or_takes_a_set()
    {
        var train = Keyed(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(100)));
        using var held = _ml.PaT()
            .ImageClassification(
                TinyRows.Options with { Training = TinyRows.Options.Training with { ValidationFraction = 0.2 } })
            .Fit(train);
        Assert.That((held.Report.Images.Training, held.Report.Images.Validation), Is.EqualTo((80, 20)));
        using var none = _ml.PaT()
            .ImageClassification(
                TinyRows.Options with { Training = TinyRows.Options.Training with { ValidationFraction = 0 } })
            .Fit(train);
        Assert.That(
            (none.Report.Images.Training, none.Report.Images.Validation, none.Report.Epochs[0].Accuracy),
            Is.EqualTo((100, 0, (double?)null)));
        // Keyed apart and in another order: classes go by name.
        var validation = Keyed(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(31, first: 101)));
        using var given = _ml.PaT()
            .ImageClassification(TinyRows.Options with { Training = TinyRows.Options.Training with { Epochs = 3 } })
            .Fit(train, validation);
        Assert.That((given.Report.Images.Training, given.Report.Images.Validation), Is.EqualTo((100, 31)));
        Assert.That(given.Report.Epochs[^1].Accuracy, Is.GreaterThan(0.9));
        // The report's classes are counted anew, on the network that is returned: they must agree with the last epoch.
        var seen = given.Report.Classification!;
        Assert.That((seen.Set, seen.Count, seen.Confusion!.Sum(row => row.Sum())), Is.EqualTo(("validation", 31, 31)));
        Assert.That(
            seen.Classes.Sum(c => c.Correct) / 31.0, Is.EqualTo(given.Report.Epochs[^1].Accuracy!.Value).Within(1e-9));
        Assert.That(seen.Worst, Has.Count.EqualTo(31 - seen.Classes.Sum(c => c.Correct)));
        Assert.That(
            given.Report.Latencies.Select(l => (l.Batch, l.DenseMs > 0, l.CompactMs)),
            Is.EqualTo(new[] { (1, true, (double?)null), (32, true, null) }));
        Assert.That(none.Report.Classification, Is.Null);
    }

    [Test]
    public void A_pipeline_has_the_validation_set_of_the_options_and_two_sets_are_refused()
    {
        var train = _ml.Data.LoadFromEnumerable(TinyRows.Pixels(40));
        var validation = Keyed(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(12, first: 101)));
        var options = TinyRows.Options with { ValidationSet = validation };
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.PaT().ImageClassification(options));
        using var model = pipeline.Fit(train).LastTransformer;
        Assert.That((model.Report.Images.Training, model.Report.Images.Validation), Is.EqualTo((40, 12)));
        Assert.That(
            () => _ml.PaT().ImageClassification(options).Fit(Keyed(train), validation),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("ValidationSet is set"));
    }

    [Test]
    public void A_class_that_only_the_validation_set_has_is_named()
    {
        var train = Keyed(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(20)));
        var rows = TinyRows.Pixels(20);
        rows[7].Label = "top";
        var validation = Keyed(_ml.Data.LoadFromEnumerable(rows));
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
        using var model = Fit(_ml.Data.LoadFromEnumerable(rows));
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
            () => Fit(data),
            Throws.TypeOf<InvalidImageDataException>()
                .With.Message.Contains("3 of 100")
                .And.Message.Contains("image5.bmp")
                .And.Message.Contains("image95.bmp"));
        using var allowed = Fit(data, TinyRows.Options with { MaxUnreadableFraction = 0.03 });
        Assert.That(allowed.Report.Images.UnreadableCount, Is.EqualTo(3));
    }

    [Test]
    public void No_rows_one_class_and_missing_labels_are_named_errors()
    {
        Assert.That(
            () => Fit(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(20)), keyed: v => _ml.Data.SkipRows(Keyed(v), 100)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("no rows"));
        var one = TinyRows.Pixels(20).Where(r => r.Label == "left");
        Assert.That(
            () => Fit(_ml.Data.LoadFromEnumerable(one)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("'left'"));
        // Two keys, images of one.
        Assert.That(
            () => Fit(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(20)), keyed: v => _ml.Data.TakeRows(Keyed(v), 1)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("'left'"));
        var mapping =
            _ml.Transforms.Conversion.MapValueToKey("Label").Fit(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(20)));
        var rows = TinyRows.Pixels(20);
        rows[3].Label = "new";
        Assert.That(
            () => Fit(_ml.Data.LoadFromEnumerable(rows), keyed: mapping.Transform),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("row 3 (image3.png)"));
    }

    [Test]
    public void Pixels_that_are_no_bytes_are_unreadable_and_told_why()
    {
        var rows = TinyRows.Pixels(10);
        foreach (var row in rows) row.Image[9] = -3;
        Assert.That(
            () => Fit(_ml.Data.LoadFromEnumerable(rows)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("between 0 and 255"));
        foreach (var row in rows) row.Image[9] = float.NaN;
        Assert.That(
            () => Fit(_ml.Data.LoadFromEnumerable(rows)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("NaN"));
    }

    [Test]
    public void Missing_and_wrong_columns_say_what_was_expected_and_what_was_found()
    {
        var raw = _ml.Data.LoadFromEnumerable(TinyRows.Pixels(20));
        var estimator = _ml.PaT().ImageClassification(TinyRows.Options);
        Assert.That(
            () => estimator.Fit(raw),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("'Label' must be a key"));
        Assert.That(
            () => Fit(raw, TinyRows.Options with { ImageColumnName = "Photo" }),
            Throws.TypeOf<InvalidImageDataException>()
                .With.Message.Contains("no image column 'Photo'")
                .And.Message.Contains("ImagePath"));
        Assert.That(
            () => Fit(raw, TinyRows.Options with { LabelColumnName = "Class" }),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("no label column 'Class'"));
        Assert.That(
            () => Fit(raw, TinyRows.Options with { ImageColumnName = "ImagePath" }),
            Throws.TypeOf<InvalidImageDataException>()
                .With.Message.Contains("LoadImages")
                .And.Message.Contains("String"));
        Assert.That(
            () =>
                Fit(
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
    public void Options_are_checked_before_anything_is_read() =>
        Assert.That(
            () =>
                _ml.PaT()
                    .ImageClassification(pruningRatio: 1.5, epochs: 0)
                    .Fit(Keyed(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(4)))),
            Throws.TypeOf<InvalidOptionsException>()
                .With.Message.Contains("Pruning.Target")
                .And.Message.Contains("Training.Epochs"));

    [Test]
    public void Events_go_to_the_observers_and_the_log()
    {
        var log = new List<string>();
        var seen = new List<RunEvent>();
        var ml = new MLContext();
        ml.Log += (_, e) => log.Add($"{e.Source}: {e.Message}");
        var options = TinyRows.Options with
        {
            Observers = [IRunObserver.Of(seen.Add)],
            Pruning = new() { Policy = PruningPolicy.AtEpoch(1) },
            Training = TinyRows.Options.Training with { Epochs = 2 },
        };
        using var model =
            ml.PaT().ImageClassification(options).Fit(Keyed(ml.Data.LoadFromEnumerable(TinyRows.Pixels(60))));
        Assert.That(
            seen.OfType<EpochEnded>().Select(e => (e.Epoch, e.Report)), Is.EqualTo(model.Report.Epochs.Index()));
        Assert.That(
            seen.OfType<NetworkPruned>().Single(),
            Is.EqualTo(
                new NetworkPruned(
                    model.Report.Dense with { LatencyMs = null },
                    model.Report.Compact! with { LatencyMs = null })
                {
                    Epoch = 1,
                    At = 1,
                }));
        Assert.That(
            seen.OfType<SubNetworkObserved>().Select(o => o.Observation), Is.EqualTo(model.Report.Observations));
        Assert.That(
            log.Where(m =>
                m.StartsWith("PruningAwareTraining", StringComparison.Ordinal)
                && m.Contains("Epoch 1 of 0 to 1", StringComparison.Ordinal)),
            Has.Exactly(1).Items);
        Assert.That(log, Has.Some.Contains("Read 60 images of 2 classes"));
        Assert.That(log, Has.Some.Contains(seen.OfType<NetworkPruned>().Single().Text));
    }

    [Test]
    public void Warnings_reach_the_log_as_warnings_and_an_observer_that_throws_costs_nothing_but_itself()
    {
        var warnings = new List<string>();
        var ml = new MLContext();
        ml.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning) warnings.Add(e.Message);
        };
        var calls = 0;
        var later = new List<RunEvent>();
        var broken = IRunObserver.Of(happened =>
        {
            calls++;
            if (happened is EpochEnded) throw new IOException("The console is gone.");
        });
        var options = TinyRows.Options with
        {
            Observers = [broken, IRunObserver.Of(later.Add)],
            Training = TinyRows.Options.Training with { Epochs = 2 },
        };
        var data = Keyed(ml.Data.LoadFromEnumerable(TinyRows.Pixels(60)));
        using var model = ml.PaT().ImageClassification(options).Fit(data);
        using var expected = ml.PaT().ImageClassification(options with { Observers = [] }).Fit(data);
        Assert.That(TinyRun.Hash(model.Model), Is.EqualTo(TinyRun.Hash(expected.Model)));
        Assert.That(later.OfType<EpochEnded>().Count(), Is.EqualTo(2));
        var warning = later.Single(e => e.Severity == RunEventSeverity.Warning).Text;
        Assert.That(warning, Does.Contain("IOException: The console is gone."));
        Assert.That(warnings, Is.EqualTo(new[] { warnings.Find(w => w.Contains(warning, StringComparison.Ordinal)) }));
        Assert.That(calls, Is.EqualTo(later.FindIndex(e => e is EpochEnded)), "none after the exception");
    }

    [Test]
    public void Canceled_while_reading_it_throws_and_canceled_while_training_it_returns_what_there_is()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        var data = _ml.Data.LoadFromEnumerable(TinyRows.Pixels(60));
        Assert.That(
            () => Fit(data, TinyRows.Options with { CancellationToken = canceled.Token }),
            Throws.InstanceOf<OperationCanceledException>());

        using var source = new CancellationTokenSource();
        var options = TinyRows.Options with
        {
            Training = TinyRows.Options.Training with { Epochs = 50 },
            CancellationToken = source.Token,
            Observers =
            [
                IRunObserver.Of(happened =>
                {
                    if (happened is EpochEnded)
                        source.Cancel();
                }),
            ],
        };
        using var model = Fit(data, options);
        Assert.That(model.Report.Stopped, Is.True);
        Assert.That(model.Report.Epochs, Has.Count.EqualTo(1));
    }

    private PruningAwareTrainingTransformer Fit(
        IDataView data, PruningAwareTrainingOptions? options = null, Func<IDataView, IDataView>? keyed = null) =>
        _ml.PaT().ImageClassification(options ?? TinyRows.Options).Fit((keyed ?? Keyed)(data));

    private IDataView Keyed(IDataView data) =>
        _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);

    private static byte[] Interleave(float[] planar) =>
        [.. Enumerable.Range(0, planar.Length).Select(i => (byte)planar[i % 3 * (planar.Length / 3) + i / 3])];

    private sealed class ByteRow
    {
        public string Label { get; set; } = "";

        [VectorType(TinyRows.Size, TinyRows.Size, 3)]
        public byte[] Image { get; set; } = [];
    }
}
