using Microsoft.ML.Data;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>
/// Reads the images of the next rows ahead, scores them together, and serves the rows one by one. Owns its cursors.
/// </summary>
/// <remarks>
/// A second cursor reads the columns that are passed through. It stays at the current row, so their values are not
/// stored. The number of rows read ahead doubles with each batch, so the first rows are returned quickly.
/// </remarks>
internal sealed class ScoringCursor : DataViewRowCursor
{
    private const int FirstRowsAhead = 16;
    private const int MostRowsAhead = 256;
    private const int MostBytesAhead = 8 << 20; // what layers make of an image is a hundred times as large
    private readonly ScoringSchema _schema;
    private readonly DataViewRowCursor _images;
    private readonly DataViewRowCursor? _others;
    private readonly ScoreBuffer _buffer;
    private readonly ValueGetter<DataViewRowId> _readId;
    private readonly DataViewRowId[] _ids;
    private long _position = -1;
    private int _ahead = FirstRowsAhead;
    private int _filled;

    public ScoringCursor(
        IDataView source,
        ScoringSchema schema,
        IReadOnlyCollection<DataViewSchema.Column> passed,
        ImageClassifier classifier)
    {
        _schema = schema;
        _images = SequentialCursor.Open(source, [schema.Image]);
        _others = passed.Count == 0 ? null : SequentialCursor.Open(source, passed);
        _ids = new DataViewRowId[Math.Clamp(MostBytesAhead / classifier.Input.Size, 1, MostRowsAhead)];
        _buffer = new(classifier, _images, schema, _ids.Length);
        _readId = _images.GetIdGetter();
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => _schema.Output;

    public override bool MoveNext()
    {
        if (++_buffer.Current >= _filled && !Fill()) return false;
        if (_others is not null && !_others.MoveNext())
        {
            throw new InvalidOperationException(
                "The data gave fewer rows to its second cursor than to its first; cursors over the same data must "
                    + "agree.");
        }
        _position++;
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index >= _schema.Input.Count || (_others?.IsColumnActive(_schema.Input[column.Index]) ?? false);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[_buffer.Current];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentException($"Column '{column.Name}' is not active in this cursor.", nameof(column));
        return column.Index < _schema.Input.Count
            ? _others!.GetGetter<TValue>(_schema.Input[column.Index])
            : ScoredGetters.Create<TValue>(_schema, column, () => _buffer.Scores(_position));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _images.Dispose();
            _others?.Dispose();
        }
        base.Dispose(disposing);
    }

    private bool Fill()
    {
        _filled = 0;
        _buffer.Current = 0;
        var rows = Math.Min(_ahead, _ids.Length);
        while (_filled < rows && _images.MoveNext())
        {
            _buffer.Read(_filled);
            _readId(ref _ids[_filled++]);
        }
        if (_filled > 0) _buffer.Score(_filled);
        _ahead = 2 * rows;
        return _filled > 0;
    }
}
