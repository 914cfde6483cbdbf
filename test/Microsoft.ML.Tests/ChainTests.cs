using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class ChainTests
{
    private readonly MLContext _ml = new(1);

    /// <summary>Notes whether it was fitted, and on which columns.</summary>
    private sealed class Recorder : IEstimator<Recorder.Nothing>
    {
        internal bool Fitted { get; private set; }

        public Nothing Fit(IDataView input)
        {
            Fitted = true;
            return new();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

        internal sealed class Nothing : ITransformer, IDisposable
        {
            internal int Disposals { get; private set; }
            public bool IsRowToRowMapper => false;
            public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;
            public IDataView Transform(IDataView input) => input;
            public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException();
            public void Save(ModelSaveContext ctx) => throw new InvalidOperationException("not saved");
            public void Dispose() => Disposals++;
        }
    }

    [Test]
    public void ShapesAreCheckedBeforeAnythingIsFitted()
    {
        var costly = new Recorder();
        var pipeline = new EstimatorChain<ITransformer>().Append(costly).Append(_ml.Transforms.CopyColumns("Copy", "Absent"));
        Assert.That(() => pipeline.Fit(Rows.Table(_ml)), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Absent"));
        Assert.That(costly.Fitted, Is.False);
    }

    [Test]
    public void KeyWithoutValuesIsNoticedBeforeFitting()
    {
        var costly = new Recorder();
        var pipeline = new EstimatorChain<ITransformer>().Append(costly).Append(_ml.Transforms.Conversion.MapKeyToValue("Kind"));
        Assert.That(() => pipeline.Fit(Rows.Table(_ml)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(costly.Fitted, Is.False);
    }

    [Test]
    public void LastTransformerIsTyped()
    {
        var model = _ml.Transforms.CopyColumns("A", "Name").Append(_ml.Transforms.Conversion.MapValueToKey("Key", "A")).Fit(Rows.Table(_ml));
        Assert.That(model.LastTransformer, Is.InstanceOf<Microsoft.ML.Transforms.ValueToKeyMappingTransformer>());
        Assert.That(model.Count(), Is.EqualTo(2));
    }

    [Test]
    public void OnFitDelegateSeesTheTransformer()
    {
        ITransformer? seen = null;
        var model = _ml.Transforms.CopyColumns("A", "Name").WithOnFitDelegate(t => seen = t).Append(_ml.Transforms.CopyColumns("B", "A")).Fit(Rows.Table(_ml));
        Assert.That(seen, Is.SameAs(model.First()));
    }

    [Test]
    public void ScopesLeaveStepsOut()
    {
        var model = new EstimatorChain<ITransformer>()
            .Append(_ml.Transforms.CopyColumns("A", "Name"), TransformerScope.TrainTest)
            .Append(_ml.Transforms.CopyColumns("B", "Weight")).Fit(Rows.Table(_ml));
        Assert.That(model.Transform(Rows.Table(_ml)).Schema.GetColumnOrNull("A"), Is.Null, "scoring only");
        Assert.That(model.Transform(Rows.Table(_ml), TransformerScope.Testing).Schema.GetColumnOrNull("A"), Is.Not.Null);
        Assert.That(model.GetModelFor(TransformerScope.Scoring).Count(), Is.EqualTo(1));
    }

    private sealed class Empty;

    private sealed class One
    {
        public float Value { get; set; }
    }

    [Test]
    public void CacheCheckpointSparesTheStepsBefore()
    {
        int calls = 0;
        var costly = _ml.Transforms.CustomMapping<Empty, One>((_, d) => { calls++; d.Value = 1; }, null);
        var pipeline = costly.AppendCacheCheckpoint(_ml)
            .Append(_ml.Transforms.Conversion.MapValueToKey("K1", "Value"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("K2", "Value"));
        pipeline.Fit(Rows.Table(_ml));
        Assert.That(calls, Is.EqualTo(Rows.Animals.Length));
    }

    [Test]
    public void DisposingAChainDisposesItsSteps()
    {
        var step = new Recorder.Nothing();
        var chain = new TransformerChain<ITransformer>(step);
        chain.Dispose();
        chain.Dispose();
        Assert.That(step.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void NoRowMapperWhereAStepHasNone()
    {
        ITransformer chain = new TransformerChain<ITransformer>(new Recorder.Nothing());
        Assert.That(chain.IsRowToRowMapper, Is.False);
        Assert.That(() => chain.GetRowToRowMapper(Rows.Table(_ml).Schema), Throws.InvalidOperationException);
    }

    [Test]
    public void SavingFailsAsAWholeWhereAStepFails()
    {
        var chain = new TransformerChain<ITransformer>(new Recorder.Nothing());
        Assert.That(() => _ml.Model.Save(chain, Rows.Table(_ml).Schema, new MemoryStream()), Throws.InvalidOperationException);
    }
}
