using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Text files as a table.</summary>
internal sealed class TextView(IMultiStreamSource source, TextLoader.Options options, TextColumn[] columns, DataViewSchema schema) : IDataView
{
    public bool CanShuffle => false;
    public DataViewSchema Schema => schema;
    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(source, options, columns, schema, ActiveColumns.Of(schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(IMultiStreamSource source, TextLoader.Options options, TextColumn[] columns, DataViewSchema schema, bool[] active) : SourceCursor(schema, active)
    {
        private int _file = -1;
        private TextReader _reader;
        private TextLines _lines;
        private IReadOnlyList<ReadOnlyMemory<char>> _fields;

        protected override bool MoveNextCore()
        {
            if (options.MaxRows is long most && Position + 1 >= most) return false;
            while (true)
            {
                if (_lines?.Next() is { } fields)
                {
                    _fields = fields;
                    return true;
                }
                _reader?.Dispose();
                if (++_file >= source.Count) return false;
                _reader = source.OpenTextReader(_file);
                _lines = new TextLines(_reader, options);
                if (options.HasHeader) _lines.Next();
            }
        }

        protected override Delegate MakeGetter(int column) => columns[column].Getter(() => _fields, () => _lines.LineNumber);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            CheckOnRow();
            id = new((ulong)Position, 0);
        };

        protected override void Dispose(bool disposing)
        {
            if (disposing) _reader?.Dispose();
            base.Dispose(disposing);
        }
    }
}
