using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Writes a row's value into <paramref name="value"/>, reusing what it holds where it can.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);

/// <summary>A lazy, read-only table: a schema, and cursors over its rows.</summary>
public interface IDataView
{
    bool CanShuffle { get; }
    DataViewSchema Schema { get; }
    long? GetRowCount();
    DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);
    DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null);
}

/// <summary>One row: values come through getters, of active columns only.</summary>
public abstract class DataViewRow : IDisposable
{
    private bool _disposed;

    public abstract DataViewSchema Schema { get; }
    public abstract long Position { get; }
    public abstract long Batch { get; }
    public abstract bool IsColumnActive(DataViewSchema.Column column);
    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);
    public abstract ValueGetter<DataViewRowId> GetIdGetter();

    public void Dispose()
    {
        if (_disposed) return;
        Dispose(true);
        _disposed = true;
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }
}

/// <summary>A row that moves: before the first <see cref="MoveNext"/> it stands on none.</summary>
public abstract class DataViewRowCursor : DataViewRow
{
    public abstract bool MoveNext();
}
