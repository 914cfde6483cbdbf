using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A row whose columns are the members of an object that can be exchanged; the position grows with each.</summary>
internal sealed class ObjectRow<TRow>(RowLayout<TRow> layout) : DataViewRow where TRow : class
{
    private TRow _current;
    private long _position = -1;

    public override DataViewSchema Schema => layout.Schema;
    public override long Position => _position;
    public override long Batch => 0;

    internal void Take(TRow row)
    {
        _current = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < layout.Fields.Count
        ? true
        : throw new ArgumentOutOfRangeException(nameof(column), $"No column {column.Index}.");

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        IsColumnActive(column);
        return layout.Fields[column.Index].Getter(() => _current) as ValueGetter<TValue> ?? throw Failures.WrongGetter(column, typeof(TValue));
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);
}
