using Microsoft.Extensions.ObjectPool;
using Microsoft.ML.Data;

namespace PaT.Samples.Web;

/// <summary>The model of the service. Thread-safe.</summary>
internal sealed class ServedModel : IDisposable
{
    private readonly Func<byte[], float[]> _score;
    private readonly IDisposable[] _owned;

    private ServedModel(IReadOnlyList<string> classes, Func<byte[], float[]> score, params IDisposable?[] owned) =>
        (Classes, _score, _owned) = (classes, score, [.. owned.OfType<IDisposable>()]);

    /// <summary>Class names in the order of the scores.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Loads a native archive (<c>.pat</c>) or a model of ML.NET.</summary>
    public static ServedModel Load(string path) =>
        Path.GetExtension(path).Equals(".pat", StringComparison.OrdinalIgnoreCase) ? OfArchive(path) : OfPipeline(path);

    /// <returns>Probability of each class.</returns>
    /// <exception cref="InvalidImageDataException">The image cannot be read.</exception>
    public float[] Score(byte[] image) => _score(image);

    public void Dispose()
    {
        foreach (var owned in _owned) owned.Dispose();
    }

    // One classifier serves all threads.
    private static ServedModel OfArchive(string path)
    {
        var classifier = ImageClassifier.Load(path);
        return new(classifier.Classes, Score, classifier);

        float[] Score(byte[] image)
        {
            var scores = new float[classifier.Classes.Count];
            classifier.Score(ImageDecoder.Decode(image, classifier.Input, classifier.Resizing), scores);
            return scores;
        }
    }

    // A prediction engine serves one thread at a time, so there is a pool of them.
    private static ServedModel OfPipeline(string path)
    {
        var ml = new MLContext();
        var model = ml.Model.Load(path, out _);
        var engines = new DefaultObjectPoolProvider().Create(new Engines(ml, model));
        var first = engines.Get();
        VBuffer<ReadOnlyMemory<char>> names = default;
        first.OutputSchema["Label"].GetKeyValues(ref names);
        engines.Return(first);
        string[] classes = [.. names.DenseValues().Select(n => n.ToString())];
        return new(classes, Score, engines as IDisposable, model as IDisposable);

        float[] Score(byte[] image)
        {
            var engine = engines.Get();
            try
            {
                return engine.Predict(new Input { Image = image }).Score;
            }
            finally
            {
                engines.Return(engine);
            }
        }
    }

    private sealed class Engines(MLContext ml, ITransformer model) : PooledObjectPolicy<PredictionEngine<Input, Output>>
    {
        public override PredictionEngine<Input, Output> Create() => ml.Model.CreatePredictionEngine<Input, Output>(
            model, new PredictionEngineOptions { OwnsTransformer = false });

        public override bool Return(PredictionEngine<Input, Output> obj) => true;
    }

    private sealed class Input
    {
        public string Label { get; set; } = "";

        public byte[] Image { get; set; } = [];
    }

    private sealed class Output
    {
        public float[] Score { get; set; } = [];
    }
}
