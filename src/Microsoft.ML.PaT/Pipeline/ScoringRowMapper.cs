using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>
/// Scores single rows, for prediction engines. Rows may be used on different threads; they share only the classifier.
/// </summary>
internal sealed class ScoringRowMapper(ScoringSchema schema, ImageClassifier classifier) : IRowToRowMapper
{
    public DataViewSchema InputSchema => schema.Input;

    public DataViewSchema OutputSchema => schema.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = dependingColumns.ToArray();
        var passed = schema.PassedThrough(needed);
        return (schema.NeedsScores(needed) ? passed.Append(schema.Image) : passed).DistinctBy(c => c.Index);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ScoredRow(input, schema, activeColumns.Select(c => c.Index).ToHashSet(), classifier);
    }

    /// <summary>A row with scores. Owns its input, as the rows of ML.NET's mappers do.</summary>
    private sealed class ScoredRow(
        DataViewRow input, ScoringSchema schema, HashSet<int> active, ImageClassifier classifier) : DataViewRow
    {
        private ScoreBuffer? _buffer;
        private long _scored = -1;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => schema.Output;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw new ArgumentException($"Column '{column.Name}' is not active in this row.", nameof(column));
            if (column.Index < schema.Input.Count) return input.GetGetter<TValue>(schema.Input[column.Index]);
            _buffer ??= new(classifier, input, schema, 1);
            return ScoredGetters.Create<TValue>(schema, column, Scores);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) input.Dispose();
            base.Dispose(disposing);
        }

        private ReadOnlySpan<float> Scores()
        {
            if (_scored != input.Position)
            {
                _buffer!.Read(0);
                _buffer.Score(1);
                _scored = input.Position;
            }
            return _buffer!.Scores(input.Position);
        }
    }
}
