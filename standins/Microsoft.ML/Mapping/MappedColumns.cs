using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The output columns of a mapping over one input row or cursor.</summary>
internal sealed class MappedColumns(DataViewSchema schema, DataViewRow input, int[] sources, bool[] active, Delegate[] getters)
{
    internal DataViewSchema Schema => schema;

    internal bool IsActive(DataViewSchema.Column column) =>
        column.Index < active.Length ? active[column.Index] : throw new ArgumentOutOfRangeException(nameof(column), $"No column {column.Index}.");

    internal ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column)
    {
        if (!IsActive(column)) throw Failures.Inactive(column);
        int source = sources[column.Index];
        if (source >= 0) return input.GetGetter<TValue>(input.Schema[source]);
        return getters[~source] as ValueGetter<TValue> ?? throw Failures.WrongGetter(schema[column.Index], typeof(TValue));
    }
}

/// <summary>One mapped row; the input row is its caller's to dispose, as with every row mapper.</summary>
internal sealed class MappedRow(DataViewRow input, MappedColumns columns) : DataViewRow
{
    public override DataViewSchema Schema => columns.Schema;
    public override long Position => input.Position;
    public override long Batch => input.Batch;
    public override bool IsColumnActive(DataViewSchema.Column column) => columns.IsActive(column);
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => columns.Getter<TValue>(column);
    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();
}

/// <summary>A cursor over mapped rows; owns the input cursor.</summary>
internal sealed class MappedCursor(DataViewRowCursor input, MappedColumns columns) : DataViewRowCursor
{
    public override DataViewSchema Schema => columns.Schema;
    public override long Position => input.Position;
    public override long Batch => input.Batch;
    public override bool MoveNext() => input.MoveNext();
    public override bool IsColumnActive(DataViewSchema.Column column) => columns.IsActive(column);
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => columns.Getter<TValue>(column);
    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing) input.Dispose();
        base.Dispose(disposing);
    }
}
