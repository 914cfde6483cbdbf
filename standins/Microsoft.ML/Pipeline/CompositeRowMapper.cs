using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Row mappers in a row; each is asked only for the columns that the ones after it need.</summary>
internal sealed class CompositeRowMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;
    public DataViewSchema OutputSchema => mappers.Length == 0 ? inputSchema : mappers[^1].OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        mappers.Reverse().Aggregate(dependingColumns, (columns, mapper) => mapper.GetDependencies(columns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (mappers.Length == 0) return new UnownedRow(input);
        var needed = new IEnumerable<DataViewSchema.Column>[mappers.Length];
        needed[^1] = activeColumns.ToArray();
        for (int i = mappers.Length - 1; i > 0; i--) needed[i - 1] = mappers[i].GetDependencies(needed[i]).ToArray();
        var row = input;
        for (int i = 0; i < mappers.Length; i++) row = mappers[i].GetRow(row, needed[i]);
        return row;
    }

    /// <summary>A row whose disposal leaves the row behind it alone.</summary>
    private sealed class UnownedRow(DataViewRow inner) : DataViewRow
    {
        public override DataViewSchema Schema => inner.Schema;
        public override long Position => inner.Position;
        public override long Batch => inner.Batch;
        public override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);
        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => inner.GetGetter<TValue>(column);
        public override ValueGetter<DataViewRowId> GetIdGetter() => inner.GetIdGetter();
    }
}
