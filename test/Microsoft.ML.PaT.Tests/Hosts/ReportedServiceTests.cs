using Microsoft.ML.Data;
using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT.Tests.Hosts;

/// <summary>Public reports about services that score, tried here: docs/decisions/field-reports.md.</summary>
public sealed class ReportedServiceTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private TransformerChain<PruningAwareTrainingTransformer> _model = null!;
    private IDataView _rows = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _rows = _ml.Data.LoadFromEnumerable(TinyRows.Encoded(24));
        _model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(TinyRows.Options))
            .Fit(_rows);
    }

    [OneTimeTearDown]
    public void Remove()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Two_hundred_predictions_at_a_time_are_those_of_one_at_a_time()
    {
        var classifier = _model.LastTransformer.Model;
        byte[][] images = [.. Enumerable.Range(0, 200).Select(i => TinyRows.Bitmap(TinyRows.Planar(i)))];
        float[][] expected = [.. images.Select(i => classifier.Predict(i).Scores.ToArray())];
        var predicted = await Task.WhenAll(images.Select(i => Task.Run(() => classifier.Predict(i).Scores.ToArray())));
        for (var i = 0; i < images.Length; i++) Assert.That(predicted[i], Is.EqualTo(expected[i]).Within(1e-6));
    }

    [Test]
    public void Predictions_and_views_leave_nothing_behind()
    {
        using var engine = _ml.Model.CreatePredictionEngine<TinyRows.EncodedRow, Scores>(
            _model, new PredictionEngineOptions { OwnsTransformer = false });
        var row = TinyRows.Encoded(1)[0];
        Repeat(100);
        var (tensors, bytes) = (LiveTensors.Before(), GC.GetTotalMemory(forceFullCollection: true));
        Repeat(1000);
        Assert.That(LiveTensors.Before(), Is.LessThanOrEqualTo(tensors));
        Assert.That(
            GC.GetTotalMemory(forceFullCollection: true) - bytes, Is.LessThan(100_000), "a hundred bytes a prediction");

        void Repeat(int count)
        {
            for (var i = 0; i < count; i++)
            {
                engine.Predict(row);
                _ = _model.Transform(_rows).Schema;
            }
        }
    }

    [Test, Platform("Linux")]
    public void No_file_stays_open()
    {
        var (image, archive, pipeline) = (At("image.bmp"), At("model.pat"), At("model.zip"));
        File.WriteAllBytes(image, TinyRows.Bitmap(TinyRows.Planar(1)));
        _model.LastTransformer.SaveArchive(archive);
        _ml.Model.Save(_model, _rows.Schema, pipeline);
        using var classifier = ImageClassifier.Load(archive);
        classifier.Predict(image);
        var loaded = new MLContext().Model.Load(pipeline, out _);
        _ = loaded.Transform(_rows).GetColumn<float[]>("Score").ToList();
        var open = Directory.GetFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget).OfType<string>();
        Assert.That(open, Has.None.StartsWith(_folder.Name));
        (loaded as IDisposable)?.Dispose();
    }

    [Test]
    public void A_new_model_may_be_saved_over_the_file_of_the_one_that_serves()
    {
        var (archive, pipeline) = (At("serving.pat"), At("serving.zip"));
        var image = TinyRows.Bitmap(TinyRows.Planar(1));
        _model.LastTransformer.SaveArchive(archive);
        _ml.Model.Save(_model, _rows.Schema, pipeline);
        using var serving = ImageClassifier.Load(archive);
        var chain = new MLContext().Model.Load(pipeline, out _);
        var expected = serving.Predict(image).Scores;

        using var retrained = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(TinyRows.Options with { Seed = 2 }))
            .Fit(_rows);
        retrained.LastTransformer.SaveArchive(archive);
        _ml.Model.Save(retrained, _rows.Schema, pipeline);

        Assert.That(serving.Predict(image).Scores, Is.EqualTo(expected));
        Assert.That(Score(chain), Is.EqualTo(expected).Within(1e-5));
        using var next = ImageClassifier.Load(archive);
        Assert.That(next.Predict(image).Scores, Is.Not.EqualTo(expected));
        Assert.That(
            Score(new MLContext().Model.Load(pipeline, out _)), Is.EqualTo(next.Predict(image).Scores).Within(1e-5));

        float[] Score(ITransformer model) => model.Transform(_ml.Data.LoadFromEnumerable(TinyRows.Encoded(1, first: 1)))
            .GetColumn<float[]>("Score").Single();
    }

    [Test]
    public void Memory_of_models_that_nobody_disposes_is_collected_in_time()
    {
        using var classifier = ImageClassifier.Create(Networks.ResNet56);
        using var archive = new MemoryStream();
        ModelArchive.Save(archive, classifier);
        Repeat(5);
        var before = Environment.WorkingSet;
        Repeat(150);
        // Each has 3.5 MB of weights and as many of the network that scores.
        Assert.That(Environment.WorkingSet - before, Is.LessThan(300_000_000));

        void Repeat(int count)
        {
            for (var i = 0; i < count; i++)
            {
                archive.Position = 0;
                _ = ImageClassifier.Load(archive).Classes;
            }
        }
    }

    private string At(string name) => Path.Combine(_folder.Name, name);

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }
}
