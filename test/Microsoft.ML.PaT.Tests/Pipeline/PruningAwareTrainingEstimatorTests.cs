using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.PaT.Tests;

public class PruningAwareTrainingEstimatorTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void Learns_from_decoded_images_encoded_ones_and_pixels_alike()
    {
        var options = TinyRows.Options with { Training = TinyRows.Options.Training with { Epochs = 3 } };
        using var fromPixels = TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Pixels(120)), options);
        using var fromImages = TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Images(120)), options);
        using var fromFiles = TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Encoded(120)), options);
        Assert.That(fromPixels.Report.Epochs[^1].Accuracy, Is.EqualTo(1));
        // The same bytes and the same seed: the same run.
        Assert.That(fromImages.Report.Epochs[^1].TrainLoss, Is.EqualTo(fromPixels.Report.Epochs[^1].TrainLoss));
        Assert.That(fromFiles.Report.Epochs[^1].TrainLoss, Is.EqualTo(fromPixels.Report.Epochs[^1].TrainLoss));
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
        using var model = TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(rows));
        Assert.That(model.Model.Input, Is.EqualTo(new ImageShape(3, 8, 8)));
        Assert.That(model.Report.Images.Training + model.Report.Images.Validation, Is.EqualTo(40));
    }

    [Test]
    public void Fit_holds_out_a_fraction_or_takes_a_set()
    {
        var train = TinyRows.Keyed(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Pixels(100)));
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
        var validation = TinyRows.Keyed(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Pixels(31, first: 101)));
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
        var validation = TinyRows.Keyed(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Pixels(12, first: 101)));
        var options = TinyRows.Options with { ValidationSet = validation };
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.PaT().ImageClassification(options));
        using var model = pipeline.Fit(train).LastTransformer;
        Assert.That((model.Report.Images.Training, model.Report.Images.Validation), Is.EqualTo((40, 12)));
        Assert.That(
            () => _ml.PaT().ImageClassification(options).Fit(TinyRows.Keyed(_ml, train), validation),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("ValidationSet is set"));
    }

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
        var data = TinyRows.Keyed(ml, ml.Data.LoadFromEnumerable(TinyRows.Pixels(60)));
        using var model = ml.PaT().ImageClassification(options).Fit(data);
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
    public void Warnings_reach_the_log_and_an_observer_that_throws_is_removed()
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
        var data = TinyRows.Keyed(ml, ml.Data.LoadFromEnumerable(TinyRows.Pixels(60)));
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
    public void Canceling_throws_while_images_are_read_and_returns_the_network_while_it_trains()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        var data = _ml.Data.LoadFromEnumerable(TinyRows.Pixels(60));
        Assert.That(
            () => TinyRows.Fit(_ml, data, TinyRows.Options with { CancellationToken = canceled.Token }),
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
        using var model = TinyRows.Fit(_ml, data, options);
        Assert.That(model.Report.Stopped, Is.True);
        Assert.That(model.Report.Epochs, Has.Count.EqualTo(1));
    }

    [Test]
    public void Interleaved_and_byte_pixels_are_read()
    {
        var interleaved = TinyRows.Pixels(80).Select(r => new ByteRow { Label = r.Label, Image = Interleave(r.Image) });
        using var planar = TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Pixels(80)));
        using var same = TinyRows.Fit(
           _ml,
            _ml.Data.LoadFromEnumerable(interleaved),
            TinyRows.Options with { InterleavePixelColors = true });
        Assert.That(same.Report.Epochs[0].TrainLoss, Is.EqualTo(planar.Report.Epochs[0].TrainLoss));
    }

    [Test]
    public void Pixels_of_ExtractPixels_are_read_with_their_size()
    {
        var images = _ml.Data.LoadFromEnumerable(TinyRows.Images(60));
        var pipeline =
            _ml.Transforms.ExtractPixels("Image", "Image").Append(_ml.Transforms.Conversion.MapValueToKey("Label"));
        var data = pipeline.Fit(images).Transform(images);
        using var direct = TinyRows.Fit(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Pixels(60)));
        using var extracted = _ml.PaT().ImageClassification(TinyRows.Options).Fit(data);
        Assert.That(extracted.Report.Epochs[0].TrainLoss, Is.EqualTo(direct.Report.Epochs[0].TrainLoss));
    }

    private static byte[] Interleave(float[] planar) =>
        [.. Enumerable.Range(0, planar.Length).Select(i => (byte)planar[i % 3 * (planar.Length / 3) + i / 3])];

    private sealed class ByteRow
    {
        public string Label { get; set; } = "";

        [VectorType(TinyRows.Size, TinyRows.Size, 3)]
        public byte[] Image { get; set; } = [];
    }
}
