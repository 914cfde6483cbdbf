using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Loading data, and choosing, splitting, ordering and keeping its rows.</summary>
public sealed class DataOperationsCatalog
{
    internal DataOperationsCatalog(MLContext context) => Context = context;

    internal MLContext Context { get; }

    /// <summary>A training and a test set.</summary>
    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null) where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        return new EnumerableView<TRow>(data, new(schemaDefinition, SchemaDefinition.Direction.Read));
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema) where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        return LoadFromEnumerable(data, RowLayout<TRow>.DefinitionFor(schema));
    }

    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        ArgumentNullException.ThrowIfNull(data);
        var bound = new RowLayout<TRow>(schemaDefinition, SchemaDefinition.Direction.Write).BindTo(data.Schema, ignoreMissingColumns);
        return Rows();

        IEnumerable<TRow> Rows()
        {
            using var cursor = data.GetRowCursor(bound.Select(b => b.Column));
            var fill = RowLayout<TRow>.Filler(bound, cursor);
            TRow row = null;
            while (cursor.MoveNext())
            {
                if (row is null || !reuseRowObject) row = new TRow();
                fill(row);
                yield return row;
            }
        }
    }

    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new CacheView(input, columnsToPrefetch);
    }

    public IDataView FilterRowsByColumn(IDataView input, string columnName, double lowerBound = double.NegativeInfinity, double upperBound = double.PositiveInfinity) =>
        RowFilters.ByRange(input, columnName, lowerBound, upperBound);

    public IDataView FilterRowsByKeyColumnFraction(IDataView input, string columnName, double lowerBound = 0, double upperBound = 1) =>
        RowFilters.ByKeyFraction(input, columnName, lowerBound, upperBound);

    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns) => RowFilters.ByMissingValues(input, columns);

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (shufflePoolSize <= 0) throw new ArgumentOutOfRangeException(nameof(shufflePoolSize), shufflePoolSize, "Must be positive.");
        return new ShuffleView(input, seed ?? NextSeed(nameof(ShuffleRows)), shufflePoolSize, shuffleSource);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new RowRangeView(input, count, long.MaxValue);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new RowRangeView(input, 0, count);
    }

    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(testFraction > 0 && testFraction < 1)) throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "Must be between 0 and 1 exclusive.");
        var split = new RowSplit(data, samplingKeyColumnName, seed ?? Context.Seed ?? NextSeed(nameof(TrainTestSplit)));
        return new(split.Outside(0, testFraction), split.Inside(0, testFraction));
    }

    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (numberOfFolds <= 1) throw new ArgumentOutOfRangeException(nameof(numberOfFolds), numberOfFolds, "Must be more than 1.");
        var split = new RowSplit(data, samplingKeyColumnName, seed ?? Context.Seed ?? NextSeed(nameof(CrossValidationSplit)));
        return Enumerable.Range(0, numberOfFolds)
            .Select(fold => (From: fold / (double)numberOfFolds, To: fold == numberOfFolds - 1 ? 1 : (fold + 1) / (double)numberOfFolds))
            .Select(range => new TrainTestData(split.Outside(range.From, range.To), split.Inside(range.From, range.To)))
            .ToArray();
    }

    private int NextSeed(string name) => ((Runtime.IHostEnvironment)Context).Register(name).Rand.Next();
}
