using System.Security.Cryptography;
using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests.Hosts;

/// <summary>What an application has set is respected, restored, and changes no result.</summary>
public sealed class HostStateTests
{
    private static readonly PruningAwareTrainingOptions s_options = TinyRows.Options with
    {
        Pruning = new() { Policy = PruningPolicy.AtEpoch(1), RoundTo = 1 },
        Training = TinyRows.Options.Training with { Epochs = 2 },
    };

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private IDataView _rows = null!;
    private TransformerChain<PruningAwareTrainingTransformer> _model = null!;

    [OneTimeSetUp]
    public void Train()
    {
        _rows = _ml.Data.LoadFromEnumerable(TinyRows.Encoded(48));
        _model = Fit();
        _ml.Model.Save(_model, _rows.Schema, Path.Combine(_folder.Name, "model.zip"));
        _model.LastTransformer.SaveArchive(Path.Combine(_folder.Name, "model.pat"));
    }

    [OneTimeTearDown]
    public void Remove()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Settings_are_restored_and_change_no_result(
        [ValueSource(typeof(HostSettings), nameof(HostSettings.All))] string setting,
        [Values("fit", "transform", "predict", "export", "sensitivity", "load")] string operation)
    {
        var expected = Result(operation);
        string result;
        using (new HostSettings(setting))
        {
            var before = HostSettings.Now;
            result = Result(operation);
            Assert.That(HostSettings.Now, Is.EqualTo(before));
        }
        // Training has a number of threads of its own; scores round differently with another number.
        if (setting != "threads" || operation == "fit") Assert.That(result, Is.EqualTo(expected));
    }

    [Test]
    public void A_classifier_outlives_the_scope_it_was_trained_and_loaded_in()
    {
        TransformerChain<PruningAwareTrainingTransformer> model;
        ImageClassifier loaded;
        using (new HostSettings("disposeScope"))
        {
            model = Fit();
            loaded = ImageClassifier.Load(Path.Combine(_folder.Name, "model.pat"));
        }
        using (model)
        using (loaded)
            Assert.That(Scores(loaded), Is.EqualTo(Scores(model.LastTransformer.Model)).Within(1e-6));
    }

    [Test]
    public void Training_uses_the_threads_of_the_application()
    {
        var ml = new MLContext(seed: 1);
        using var threads = new ThreadScope(1);
        var options = s_options with { Threads = null };
        using var model =
            ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.PaT().ImageClassification(options)).Fit(_rows);
        Assert.That(model.LastTransformer.Report.Machine, Does.Contain($", 1 of {Environment.ProcessorCount} threads"));
    }

    private string Result(string operation)
    {
        switch (operation)
        {
            case "fit":
                using (var model = Fit())
                {
                    var html = Path.Combine(_folder.Name, "report.html");
                    HtmlReport.Write(model.LastTransformer.Report, html);
                    Assert.That(File.ReadAllText(html), Does.Not.Contain("§").And.Not.Contain("¬"));
                    return Weights(model.LastTransformer.Model) + model.LastTransformer.Report.PruneReason;
                }
            case "transform":
                return Text(_model.Transform(_rows).GetColumn<float[]>("Score"));
            case "predict":
                using (
                    var engine = _ml.Model.CreatePredictionEngine<TinyRows.EncodedRow, TinyRows.Prediction>(
                        _ml.Model.Load(Path.Combine(_folder.Name, "model.zip"), out _)))
                    return Text(TinyRows.Encoded(4).Select(r => engine.Predict(r).Score));
            case "export":
                return Exported(new()) + Exported(new() { CalibrationImages = Images() });
            case "sensitivity":
                var report = _ml.PaT()
                    .Sensitivity(
                        _ml.Transforms.Conversion.MapValueToKey("Label").Fit(_rows).Transform(_rows),
                        s_options with
                        {
                            Network = NetworkArchitecture.Of(_model.LastTransformer.Model.Network),
                            Weights = new(Path.Combine(_folder.Name, "model.pat")),
                        },
                        0.5);
                return Text(report.Groups.Select(g => g.Accuracy.Select(a => (float)a).ToArray()));
            default:
                using (var classifier = ImageClassifier.Load(Path.Combine(_folder.Name, "model.pat")))
                    return Text([Scores(classifier)]);
        }
    }

    private TransformerChain<PruningAwareTrainingTransformer> Fit()
    {
        var ml = new MLContext(seed: 1);
        var messages = new List<string>();
        ml.Log += (_, e) => { lock (messages) messages.Add(e.Message); };
        var model =
            ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.PaT().ImageClassification(s_options)).Fit(_rows);
        Assert.That(
            messages.Where(m =>
                m.Contains("PruningAwareTraining", StringComparison.Ordinal) && (m.Contains('§') || m.Contains('¬'))),
            Is.Empty);
        return model;
    }

    private string Exported(OnnxExportOptions options)
    {
        using var stream = new MemoryStream();
        _model.LastTransformer.Model.SaveOnnx(stream, options);
        return Convert.ToHexString(SHA256.HashData(stream.ToArray()));
    }

    private string Weights(ImageClassifier classifier)
    {
        var file = Path.Combine(_folder.Name, "weights.safetensors");
        classifier.SaveWeights(file);
        return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
    }

    private static float[] Scores(ImageClassifier classifier)
    {
        var scores = new float[4 * classifier.Classes.Count];
        classifier.Score(Images(), scores);
        return scores;
    }

    private static byte[] Images() => [.. Enumerable.Range(0, 4).SelectMany(TinyRows.Planar)];

    private static string Text(IEnumerable<float[]> scores) =>
        string.Join(' ', scores.SelectMany(s => s).Select(s => BitConverter.SingleToInt32Bits(s).ToString("x8")));
}
