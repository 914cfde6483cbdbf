using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Rows in a random order: a pool is filled, then each row is drawn from it and its place taken by the next. Every pass has the order of the seed.</summary>
internal sealed class ShuffleView(IDataView source, int seed, int poolSize, bool shuffleSource) : IDataView
{
    public bool CanShuffle => true;
    public DataViewSchema Schema => source.Schema;
    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        rand ??= new Random(seed);
        var input = source.GetRowCursor(columnsNeeded, shuffleSource && source.CanShuffle ? new Random(rand.Next()) : null);
        return new Cursor(input, ActiveColumns.Of(Schema, columnsNeeded), rand, poolSize);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : SourceCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _rand;
        private readonly int _poolSize;
        private readonly ColumnStore[] _stores;
        private readonly ColumnStore _ids;
        private readonly List<int> _filled = []; // slots that hold a row not yet drawn
        private bool _started;
        private int _slot = -1;

        internal Cursor(DataViewRowCursor input, bool[] active, Random rand, int poolSize) : base(input.Schema, active)
        {
            _input = input;
            _rand = rand;
            _poolSize = poolSize;
            _stores = input.Schema.Select(c => active[c.Index] ? ColumnStore.Create(input, c) : null).ToArray();
            _ids = ColumnStore.CreateForIds(input);
        }

        protected override bool MoveNextCore()
        {
            if (!_started)
            {
                _started = true;
                for (int slot = 0; slot < _poolSize && Fetch(slot); slot++) { }
            }
            else
            {
                Fetch(_slot);
            }
            if (_filled.Count == 0) return false;
            int drawn = _rand.Next(_filled.Count);
            _slot = _filled[drawn];
            _filled[drawn] = _filled[^1];
            _filled.RemoveAt(_filled.Count - 1);
            return true;
        }

        private bool Fetch(int slot)
        {
            if (!_input.MoveNext()) return false;
            foreach (var store in _stores) store?.Fetch(slot);
            _ids.Fetch(slot);
            _filled.Add(slot);
            return true;
        }

        protected override Delegate MakeGetter(int column) => _stores[column].Getter(() => _slot);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_ids.Getter(() => _slot);

        protected override void Dispose(bool disposing)
        {
            if (disposing) _input.Dispose();
            base.Dispose(disposing);
        }
    }
}
