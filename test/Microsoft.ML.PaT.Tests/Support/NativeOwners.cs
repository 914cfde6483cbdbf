using Microsoft.ML.Data;
using Microsoft.ML.PaT.Pruning.Scoring;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Public objects that own native memory, each with one of its uses.</summary>
internal sealed class NativeOwners : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TransformerChain<PruningAwareTrainingTransformer> _trained;
    private readonly IDataView _rows, _keyed;
    private readonly byte[] _archive, _zip, _image = TinyRows.Bitmap(TinyRows.Planar(1));
    private readonly byte[] _images = [.. Enumerable.Range(0, 4).SelectMany(TinyRows.Planar)];

    public NativeOwners()
    {
        _rows = _ml.Data.LoadFromEnumerable(TinyRows.Encoded(24));
        _trained = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(TinyRows.Options))
            .Fit(_rows);
        _keyed = _trained.First().Transform(_rows);
        using MemoryStream archive = new(), zip = new();
        _trained.LastTransformer.SaveArchive(archive);
        _ml.Model.Save(_trained, _rows.Schema, zip);
        (_archive, _zip) = (archive.ToArray(), zip.ToArray());
    }

    public static readonly string[] Kinds =
    [
        "score", "predict", "export", "prune", "transform", "evaluate", "save", "mapper", "split", "read", "train",
        "result", "probe",
    ];

    /// <summary>
    /// ML.NET does not pass disposal on to custom mappings: these answer late calls, and finalizers free them.
    /// </summary>
    public static readonly string[] Loaded = ["loaded chain", "loaded engine"];

    /// <returns>A new object of a kind, and an action that uses it on any thread.</returns>
    public (IDisposable Owner, Action Use) Create(string kind)
    {
        switch (kind)
        {
            case "score":
            {
                var classifier = Load();
                return (classifier, () => classifier.Score(_images, new float[4 * classifier.Classes.Count]));
            }
            case "predict":
            {
                var classifier = Load();
                return (classifier, () => classifier.Predict(_image));
            }
            case "export":
            {
                var classifier = Load();
                return (classifier, () => classifier.SaveOnnx(new MemoryStream()));
            }
            case "prune":
            {
                var classifier = Load();
                PruningOptions half = new()
                {
                    Target = PruningTarget.Channels(0.5), Criterion = Importance.Magnitude, RoundTo = 1,
                };
                return (classifier, () => classifier.Prune(half).Dispose());
            }
            case "transform":
            {
                var model = Transformer();
                return (model, () => _ = model.Transform(_keyed).GetColumn<float[]>("Score").ToList());
            }
            case "evaluate":
            {
                var model = Transformer();
                return (model, () => model.Evaluate(_keyed));
            }
            case "save":
            {
                var model = Transformer();
                return (model, () => _ml.Model.Save(model, _keyed.Schema, new MemoryStream()));
            }
            case "mapper":
            {
                var engine = _ml.Model.CreatePredictionEngine<TinyRows.EncodedRow, Scores>(
                    Transformer(), _rows.Schema);
                return (engine, () => engine.Predict(TinyRows.Encoded(1)[0]));
            }
            case "loaded chain":
            {
                var chain = new MLContext().Model.Load(new MemoryStream(_zip), out _);
                return ((IDisposable)chain, () => _ = chain.Transform(_rows).GetColumn<float[]>("Score").ToList());
            }
            case "loaded engine":
            {
                var engine = _ml.Model.CreatePredictionEngine<TinyRows.EncodedRow, Scores>(
                    new MLContext().Model.Load(new MemoryStream(_zip), out _));
                return (engine, () => engine.Predict(TinyRows.Encoded(1)[0]));
            }
            case "split":
            {
                var images = Images();
                return (images, () =>
                {
                    var (training, validation) = images.Split(0.25, seed: 1);
                    validation.Dispose();
                    training.Dispose();
                });
            }
            case "read":
            {
                // The parts share the pixels, whichever is disposed first.
                var images = Images();
                var (training, validation) = images.Split(0.25, seed: 1);
                images.Dispose();
                validation.Dispose();
                return (training, () => training.Split(0.5, seed: 2).Training.Dispose());
            }
            case "train":
            {
                var images = Images();
                return (images, () => PruningTrainer.Train(images, TinyRows.Options).Dispose());
            }
            case "result":
            {
                using var images = Images();
                var result = PruningTrainer.Train(images, TinyRows.Options);
                return (result, () => result.Classifier.WarmUp());
            }
            default:
            {
                using var classifier = Load();
                var probe = new NetworkProbe(
                    classifier.Network, classifier.Weights, torch.CPU, torch.float32, 1, fusedNorms: false);
                return (probe, () =>
                {
                    using var scope = torch.NewDisposeScope();
                    probe.Backward(probe.Forward(torch.ones(2, 3, TinyRows.Size, TinyRows.Size)).sum());
                });
            }
        }
    }

    public void Dispose() => _trained.Dispose();

    private ImageClassifier Load() => ImageClassifier.Load(new MemoryStream(_archive));

    private PruningAwareTrainingTransformer Transformer() => _trained.LastTransformer.With(Load(), null!);

    private static ImageDataset Images() => ImageDataset.FromPixels(
        [.. Enumerable.Range(0, 24).SelectMany(TinyRows.Planar)],
        [.. Enumerable.Range(0, 24).Select(i => i % 2)],
        new(3, TinyRows.Size, TinyRows.Size),
        ["left", "right"]);

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }
}
