namespace Microsoft.ML.PaT.Data;

/// <summary>Consecutive rows of a data set. The cursor's thread reads them, and all cores decode them.</summary>
internal sealed class ImageBlock
{
    private readonly ImageRowReader _reader;
    private readonly Func<int> _readKey;
    private readonly Func<float> _readWeight;
    private readonly int _size;
    private readonly byte[] _pixels;
    private readonly Row[] _rows;

    /// <param name="cursor">Cursor over the columns; not owned.</param>
    /// <param name="format">Format of the image column.</param>
    /// <param name="capacity">Maximum number of rows.</param>
    public ImageBlock(ImageColumns source, DataViewRowCursor cursor, ImageColumnFormat format, ImageShape shape,
        int capacity)
    {
        _reader = ImageRowReader.Create(format, cursor, source.Image, shape, capacity);
        _readKey = LabelReader.Create(cursor, source.Label);
        _readWeight = WeightReader.Create(cursor, source.Weight);
        _size = shape.Size;
        _pixels = new byte[capacity * shape.Size];
        _rows = new Row[capacity];
    }

    public int Count { get; private set; }

    /// <summary>Whether the limit of rows or bytes is reached.</summary>
    public bool IsFull => Count == _rows.Length || (Count > 0 && _reader.IsFull);

    public void Clear() => Count = 0;

    /// <summary>Reads the cursor's current row.</summary>
    /// <param name="classOf">Maps a key to a class.</param>
    /// <returns>Key of the label, weight and name.</returns>
    public (int Key, float Weight, string Name) Take(string name, Func<int, int> classOf)
    {
        var (key, weight) = (_readKey(), _readWeight());
        _rows[Count] = new(name, classOf(key), weight, null);
        _reader.Read(Count++);
        return (key, weight, name);
    }

    public void Decode() =>
        _reader.DecodeAll(Count, i => _rows[i].Error = _reader.Decode(i, _pixels.AsSpan(i * _size, _size)));

    /// <summary>The reason why an image cannot be read; null if it can be read.</summary>
    public string? ErrorOf(int row) => _rows[row].Error;

    /// <summary>Decoded image of a row, [3,H,W].</summary>
    public ReadOnlySpan<byte> PixelsOf(int row) => _pixels.AsSpan(row * _size, _size);

    /// <summary>Class of a row; -1 if it is unknown.</summary>
    public int LabelOf(int row) => _rows[row].Label;

    public float WeightOf(int row) => _rows[row].Weight;

    public string NameOf(int row) => _rows[row].Name;

    private record struct Row(string Name, int Label, float Weight, string? Error);
}
