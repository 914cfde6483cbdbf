using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A cursor that visits some of another's rows; counts its own positions and owns the other.</summary>
internal abstract class WrappedCursor(DataViewRowCursor input, bool[] active) : DataViewRowCursor
{
    private long _position = -1;

    protected DataViewRowCursor Input => input;

    public override DataViewSchema Schema => input.Schema;
    public override long Position => _position;
    public override long Batch => input.Batch;

    public override bool MoveNext()
    {
        bool moved = MoveNextCore();
        _position = moved ? _position + 1 : -1;
        return moved;
    }

    protected abstract bool MoveNextCore();

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < active.Length
        ? active[column.Index]
        : throw new ArgumentOutOfRangeException(nameof(column), $"No column {column.Index}.");

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        IsColumnActive(column) ? input.GetGetter<TValue>(column) : throw Failures.Inactive(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing) input.Dispose();
        base.Dispose(disposing);
    }
}
