using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Objects as a table. Rows can be shuffled where the objects are a list.</summary>
internal sealed class EnumerableView<TRow>(IEnumerable<TRow> data, RowLayout<TRow> layout) : IDataView where TRow : class
{
    private readonly IList<TRow> _list = data as IList<TRow>;

    public bool CanShuffle => _list is not null;
    public DataViewSchema Schema => layout.Schema;
    public long? GetRowCount() => data is ICollection<TRow> c ? c.Count : data is IReadOnlyCollection<TRow> r ? r.Count : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        if (rand is null || _list is null) return new Cursor(this, active, data.Select((row, i) => (row, (long)i)).GetEnumerator());
        var order = new int[_list.Count];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        rand.Shuffle(order);
        return new Cursor(this, active, order.Select(i => (_list[i], (long)i)).GetEnumerator());
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private RowLayout<TRow> Layout => layout;

    private sealed class Cursor(EnumerableView<TRow> view, bool[] active, IEnumerator<(TRow Row, long Index)> rows) : SourceCursor(view.Schema, active)
    {
        private TRow _current;
        private long _index;

        protected override bool MoveNextCore()
        {
            if (!rows.MoveNext()) return false;
            (_current, _index) = rows.Current;
            if (_current is null) throw new InvalidOperationException($"Row {_index} of the enumerable is null.");
            return true;
        }

        protected override Delegate MakeGetter(int column) => view.Layout.Fields[column].Getter(() => _current);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            CheckOnRow();
            id = new((ulong)_index, 0);
        };

        protected override void Dispose(bool disposing)
        {
            if (disposing) rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
