namespace Microsoft.ML.PaT.Tests;

/// <summary>Training without ML.NET.</summary>
public class PruningTrainerTests
{
    private static readonly PruningAwareTrainingOptions s_options = TinyRows.Options with
    {
        Pruning = new() { Policy = PruningPolicy.AtEpoch(1), RoundTo = 1 },
        Training = TinyRows.Options.Training with { Epochs = 2 },
    };

    [Test]
    public void The_classifier_is_the_one_that_the_pipeline_trains()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(TinyRows.Encoded(40));
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.PaT().ImageClassification(s_options));
        using var model = pipeline.Fit(data);
        using var images = ImageDataset.FromEncoded(
            TinyRows.Encoded(40).Select(r => (r.Image, r.Label)),
            new(3, TinyRows.Size, TinyRows.Size),
            ["left", "right"]);
        using var trained = PruningTrainer.Train(images, s_options);
        Assert.That(TinyRun.Hash(trained.Classifier), Is.EqualTo(TinyRun.Hash(model.LastTransformer.Model)));
        Assert.That(trained.Plan!.Kept, Is.EqualTo(model.LastTransformer.Plan!.Kept));
        Assert.That(trained.Report.Classification, Is.Not.Null);
        Assert.That(
            trained.Report.Images.Validation,
            Is.EqualTo(model.LastTransformer.Report.Images.Validation).And.GreaterThan(0));
    }

    [Test]
    public void Validation_images_that_are_given_are_the_ones_measured_on()
    {
        using var training = TinyImages.Store(32);
        using var validation = TinyImages.Store(12, seed: 2);
        using var trained = PruningTrainer.Train(training, validation, s_options);
        Assert.That((trained.Report.Images.Training, trained.Report.Images.Validation), Is.EqualTo((32, 12)));
        Assert.That(trained.Accuracy, Is.EqualTo(trained.Report.Epochs[^1].Accuracy));
        Assert.That(validation.LabelValues.Length, Is.EqualTo(12), "not disposed");
    }

    [Test]
    public void A_run_that_ends_at_the_cut_has_the_accuracy_of_the_compact_network()
    {
        using var stop = new CancellationTokenSource();
        using var training = TinyImages.Store(96);
        using var validation = TinyImages.Store(60, seed: 2);
        var options = LearningRun.Options with
        {
            Pruning = new() { Policy = PruningPolicy.AtEpoch(2), Target = PruningTarget.Channels(0.8), RoundTo = 1 },
            CancellationToken = stop.Token,
            Observers = [IRunObserver.Of(happened => { if (happened is NetworkPruned) stop.Cancel(); })],
        };
        using var trained = PruningTrainer.Train(training, validation, options);
        Assert.That(trained.Plan, Is.Not.Null);
        using var images = validation.Read(0, validation.Count);
        var scores = new float[validation.Count * 3];
        trained.Classifier.Score(images.contiguous().bytes, scores);
        var right = scores.Chunk(3).Where((s, i) => Array.IndexOf(s, s.Max()) == i % 3); // labels are i % 3
        Assert.That(trained.Accuracy, Is.EqualTo(right.Count() / 60.0).Within(1e-6));
        Assert.That(trained.Accuracy, Is.Not.EqualTo(trained.Report.Epochs[^1].Accuracy), "of the dense network");
    }

    [Test]
    public void Images_that_do_not_fit_each_other_are_refused()
    {
        using var training = TinyImages.Store(32);
        using var larger = TinyImages.Store(12, size: 12);
        using var others = TinyImages.Store(12, classes: 4);
        Assert.That(
            () => PruningTrainer.Train(training, larger, s_options), Throws.TypeOf<InvalidImageDataException>());
        Assert.That(
            () => PruningTrainer.Train(training, others, s_options), Throws.TypeOf<InvalidImageDataException>());
        using var one = ImageDataset.FromPixels(new byte[2 * 192], [1, 1], new(3, 8, 8), ["a", "b"]);
        Assert.That(
            () => PruningTrainer.Train(one, s_options),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("of the class 'b'"));
    }
}
