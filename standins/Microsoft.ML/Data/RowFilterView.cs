using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The rows of a table for which a predicate holds. The predicate may need columns the caller did not ask for.</summary>
internal sealed class RowFilterView(IDataView source, string[] columns, Func<DataViewRowCursor, Func<bool>> predicate) : IDataView
{
    public bool CanShuffle => source.CanShuffle;
    public DataViewSchema Schema => source.Schema;
    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var asked = ActiveColumns.Of(Schema, columnsNeeded);
        var needed = Schema.Where(c => asked[c.Index] || !c.IsHidden && columns.Contains(c.Name));
        var input = source.GetRowCursor(needed, rand);
        return new Cursor(input, asked, predicate(input));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, bool[] active, Func<bool> accept) : WrappedCursor(input, active)
    {
        protected override bool MoveNextCore()
        {
            while (Input.MoveNext())
                if (accept()) return true;
            return false;
        }
    }
}

/// <summary>Part of a table: after <paramref name="skip"/> rows, at most <paramref name="take"/>.</summary>
internal sealed class RowRangeView(IDataView source, long skip, long take) : IDataView
{
    public bool CanShuffle => false;
    public DataViewSchema Schema => source.Schema;
    public long? GetRowCount() => source.GetRowCount() is long n ? Math.Clamp(n - skip, 0, take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), ActiveColumns.Of(Schema, columnsNeeded), skip, take);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, bool[] active, long skip, long take) : WrappedCursor(input, active)
    {
        private long _skip = skip;
        private long _take = take;

        protected override bool MoveNextCore()
        {
            for (; _skip > 0; _skip--)
                if (!Input.MoveNext()) return false;
            return _take-- > 0 && Input.MoveNext();
        }
    }
}
