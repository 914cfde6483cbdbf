using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests.Contracts;

/// <summary>How ML.NET's chains treat an estimator or transformer from outside ML.NET.</summary>
public class ChainTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data => _ml.Data.LoadFromEnumerable(ToyScorer.Examples);

    [Test]
    public void Shapes_are_propagated_through_all_steps_before_one_is_fitted()
    {
        var costly = new Step();
        var pipeline = new EstimatorChain<ITransformer>().Append(costly)
            .Append(_ml.Transforms.CopyColumns("Copy", "Absent"));
        Assert.That(() => pipeline.Fit(Data), Throws.InstanceOf<ArgumentException>().With.Message.Contains("Absent"));
        Assert.That(costly.Fitted, Is.Zero);
    }

    [Test]
    public void A_key_without_values_is_refused_before_one_is_fitted()
    {
        var costly = new Step();
        var pipeline = new EstimatorChain<ITransformer>().Append(costly)
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Label"));
        Assert.That(() => pipeline.Fit(Data), Throws.InstanceOf<ArgumentException>().With.Message.Contains("Label"));
        Assert.That(costly.Fitted, Is.Zero);
    }

    [Test]
    public void The_last_transformer_keeps_its_type()
    {
        var chain = _ml.Transforms.CopyColumns("Copy", "Label").Append(new Step()).Fit(Data);
        Assert.That(chain.LastTransformer.Disposals, Is.Zero);
        Assert.That(chain, Has.Exactly(2).Items);
    }

    [Test]
    public void Disposing_a_chain_disposes_its_steps()
    {
        var step = new Fitted();
        new TransformerChain<ITransformer>(step).Dispose();
        Assert.That(step.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void Disposing_a_prediction_engine_disposes_the_transformer_unless_disabled()
    {
        var step = new Fitted();
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        _ml.Model.CreatePredictionEngine<ToyScorer.Example, ToyScorer.Example>(step, options).Dispose();
        Assert.That(step.Disposals, Is.Zero);
        _ml.Model.CreatePredictionEngine<ToyScorer.Example, ToyScorer.Example>(step).Dispose();
        Assert.That(step.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void Saving_fails_as_a_whole_where_a_step_cannot_be_saved()
    {
        var first = _ml.Transforms.CopyColumns("Copy", "Label").Fit(Data);
        var chain = new TransformerChain<ITransformer>(first, new Fitted());
        Assert.That(() => _ml.Model.Save(chain, Data.Schema, new MemoryStream()),
            Throws.TypeOf<NotSupportedException>());
    }

    private sealed class Step : IEstimator<Fitted>
    {
        public int Fitted { get; private set; }

        public Fitted Fit(IDataView input)
        {
            Fitted++;
            return new();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }

    private sealed class Fitted : ITransformer, IDisposable
    {
        public int Disposals { get; private set; }

        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new Same(inputSchema);

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException("This step cannot be saved.");

        public void Dispose() => Disposals++;
    }

    private sealed class Same(DataViewSchema schema) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => schema;

        public DataViewSchema OutputSchema => schema;

        public IEnumerable<DataViewSchema.Column> GetDependencies(
            IEnumerable<DataViewSchema.Column> dependingColumns) =>
            dependingColumns;

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => input;
    }
}
