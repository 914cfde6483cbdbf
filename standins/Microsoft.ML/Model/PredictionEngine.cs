using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Scores one object at a time. Not to be used by several threads at once.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly ITransformer _transformer;
    private readonly ObjectRow<TSrc> _input;
    private readonly DataViewRow _output;
    private readonly Action<TDst> _fill;
    private readonly bool _ownsTransformer;
    private bool _disposed;

    private protected PredictionEngineBase(ITransformer transformer, bool ignoreMissingColumns, SchemaDefinition inputDefinition, SchemaDefinition outputDefinition, bool ownsTransformer)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        if (!transformer.IsRowToRowMapper) throw new ArgumentOutOfRangeException(nameof(transformer), "Must be a row to row mapper.");
        _transformer = transformer;
        _ownsTransformer = ownsTransformer;
        _input = new(new(inputDefinition, SchemaDefinition.Direction.Read));
        var mapper = transformer.GetRowToRowMapper(_input.Schema);
        OutputSchema = mapper.OutputSchema;
        var bound = new RowLayout<TDst>(outputDefinition, SchemaDefinition.Direction.Write).BindTo(OutputSchema, ignoreMissingColumns);
        _output = mapper.GetRow(_input, bound.Select(b => b.Column));
        _fill = RowLayout<TDst>.Filler(bound, _output);
    }

    public DataViewSchema OutputSchema { get; }

    public TDst Predict(TSrc example)
    {
        var prediction = new TDst();
        Predict(example, ref prediction);
        return prediction;
    }

    public abstract void Predict(TSrc example, ref TDst prediction);

    private protected void Score(TSrc example, TDst prediction)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _input.Take(example);
        _fill(prediction);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _output.Dispose();
        _input.Dispose();
        if (_ownsTransformer) (_transformer as IDisposable)?.Dispose();
    }
}

/// <inheritdoc/>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst>
    where TSrc : class
    where TDst : class, new()
{
    internal PredictionEngine(ITransformer transformer, bool ignoreMissingColumns, SchemaDefinition inputDefinition, SchemaDefinition outputDefinition, bool ownsTransformer)
        : base(transformer, ignoreMissingColumns, inputDefinition, outputDefinition, ownsTransformer) { }

    public override void Predict(TSrc example, ref TDst prediction)
    {
        ArgumentNullException.ThrowIfNull(example);
        prediction ??= new TDst();
        Score(example, prediction);
    }
}

/// <summary>How an engine binds its classes, and whether it disposes the transformer.</summary>
public sealed class PredictionEngineOptions
{
    public bool IgnoreMissingColumns = true;
    public SchemaDefinition InputSchemaDefinition;
    public SchemaDefinition OutputSchemaDefinition;
    public bool OwnsTransformer = true;
}
