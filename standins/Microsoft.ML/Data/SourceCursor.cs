using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A cursor that makes its own rows: keeps position and active columns, and refuses values before the first row and after the last.</summary>
internal abstract class SourceCursor(DataViewSchema schema, bool[] active) : DataViewRowCursor
{
    private readonly Delegate[] _getters = new Delegate[active.Length];
    private long _position = -1;
    private bool _done;

    public override DataViewSchema Schema => schema;
    public override long Position => _position;
    public override long Batch => 0;

    public override bool MoveNext()
    {
        if (_done) return false;
        if (MoveNextCore())
        {
            _position++;
            return true;
        }
        _done = true;
        _position = -1;
        return false;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < active.Length
        ? active[column.Index]
        : throw new ArgumentOutOfRangeException(nameof(column), $"No column {column.Index}.");

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column)) throw Failures.Inactive(column);
        var getter = (_getters[column.Index] ??= MakeGetter(column.Index)) as ValueGetter<TValue> ?? throw Failures.WrongGetter(schema[column.Index], typeof(TValue));
        return (ref TValue value) =>
        {
            CheckOnRow();
            getter(ref value);
        };
    }

    protected void CheckOnRow()
    {
        if (_position < 0) throw new InvalidOperationException("The cursor stands on no row: call MoveNext first, and do not read after it returned false.");
    }

    protected abstract bool MoveNextCore();

    /// <summary>The ValueGetter of one column.</summary>
    protected abstract Delegate MakeGetter(int column);
}
