using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A table whose columns are computed once, when they are first asked for, and then kept. Pictures are passed through, not kept.</summary>
internal sealed class CacheView : IDataView
{
    private readonly IDataView _source;
    private readonly string[] _prefetch;
    private readonly Lock _filling = new();
    private readonly Dictionary<int, ColumnStore> _stores = [];
    private ColumnStore _ids;
    private int? _count;

    internal CacheView(IDataView source, string[] prefetch)
    {
        _source = source;
        _prefetch = prefetch ?? [];
        foreach (string name in _prefetch) _ = source.Schema[name];
    }

    public bool CanShuffle => true;
    public DataViewSchema Schema => _source.Schema;
    public long? GetRowCount() => _count ?? _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        if (Schema.Any(c => active[c.Index] && !Keeps(c))) return _source.GetRowCursor(columnsNeeded, rand);
        lock (_filling) Fill(Schema.Where(c => active[c.Index] || _count is null && _prefetch.Contains(c.Name) && Keeps(c)).Where(c => !_stores.ContainsKey(c.Index)).ToArray());
        int[] order = null;
        if (rand is not null)
        {
            order = Enumerable.Range(0, _count.Value).ToArray();
            rand.Shuffle(order);
        }
        return new Cursor(this, active, order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private static bool Keeps(DataViewSchema.Column column) => column.Type is PrimitiveDataViewType or VectorDataViewType;

    private void Fill(DataViewSchema.Column[] missing)
    {
        if (missing.Length == 0 && _count is not null) return;
        using var cursor = _source.GetRowCursor(missing);
        var stores = missing.Select(c => ColumnStore.Create(cursor, c)).ToArray();
        var ids = ColumnStore.CreateForIds(cursor);
        int count = 0;
        for (; cursor.MoveNext(); count++)
        {
            foreach (var store in stores) store.Fetch(count);
            if (_ids is null) ids.Fetch(count);
        }
        if (_count is int before && before != count) throw new InvalidOperationException($"The cached data had {before} rows and now has {count}.");
        for (int i = 0; i < missing.Length; i++) _stores[missing[i].Index] = stores[i];
        _ids ??= ids;
        _count = count;
    }

    private sealed class Cursor(CacheView view, bool[] active, int[] order) : SourceCursor(view.Schema, active)
    {
        private int _next = -1;

        private int Slot() => order is null ? _next : order[_next];

        protected override bool MoveNextCore() => ++_next < view._count;

        protected override Delegate MakeGetter(int column)
        {
            lock (view._filling) return view._stores[column].Getter(Slot);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
        {
            var getter = (ValueGetter<DataViewRowId>)view._ids.Getter(Slot);
            return (ref DataViewRowId id) =>
            {
                CheckOnRow();
                getter(ref id);
            };
        }
    }
}
