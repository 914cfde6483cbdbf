using Microsoft.Extensions.ObjectPool;
using Microsoft.ML.Data;

namespace PaT.Samples.Web;

/// <summary>A model of ML.NET with an <c>Image</c> column of encoded bytes, as <c>train</c> writes it: a prediction engine serves one thread at a time, so there is a pool of them.</summary>
internal sealed class ServedPipeline : ServedModel
{
    private readonly ITransformer _model;
    private readonly ObjectPool<PredictionEngine<Input, Output>> _engines;

    /// <summary>Loads a model.</summary>
    /// <param name="path">The file.</param>
    public ServedPipeline(string path)
    {
        var ml = new MLContext();
        _model = ml.Model.Load(path, out _);
        _engines = new DefaultObjectPoolProvider().Create(new Engines(ml, _model));
        var engine = _engines.Get();
        VBuffer<ReadOnlyMemory<char>> names = default;
        engine.OutputSchema["Label"].GetKeyValues(ref names);
        Classes = [.. names.DenseValues().Select(n => n.ToString())];
        _engines.Return(engine);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public override float[] Score(byte[] image)
    {
        var engine = _engines.Get();
        try
        {
            return engine.Predict(new Input { Image = image }).Score;
        }
        finally
        {
            _engines.Return(engine);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        (_engines as IDisposable)?.Dispose();
        (_model as IDisposable)?.Dispose();
    }

    private sealed class Engines(MLContext ml, ITransformer model) : PooledObjectPolicy<PredictionEngine<Input, Output>>
    {
        public override PredictionEngine<Input, Output> Create() =>
            ml.Model.CreatePredictionEngine<Input, Output>(model, new PredictionEngineOptions { OwnsTransformer = false });

        public override bool Return(PredictionEngine<Input, Output> obj) => true;
    }

    /// <summary>A row to score.</summary>
    public sealed class Input
    {
        /// <summary>Expected by the model's first step; its value does not matter.</summary>
        public string Label { get; set; } = "";

        /// <summary>The content of an image's file.</summary>
        public byte[] Image { get; set; } = [];
    }

    /// <summary>What scoring adds.</summary>
    public sealed class Output
    {
        /// <summary>The probability of each class.</summary>
        public float[] Score { get; set; } = [];
    }
}
