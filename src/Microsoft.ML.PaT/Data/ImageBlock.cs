using Microsoft.ML.PaT.Modeling.OnnxImport;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Consecutive rows of a data set: taken on the thread of their cursor, decoded on all cores by any thread.
/// </summary>
internal sealed class ImageBlock
{
    private readonly ImageRowReader _reader;
    private readonly Func<int> _readKey;
    private readonly Func<float> _readWeight;
    private readonly int _size;
    private readonly byte[] _pixels;
    private readonly Row[] _rows;

    /// <summary>Makes room.</summary>
    /// <param name="source">The columns.</param>
    /// <param name="cursor">The cursor over them; belongs to the caller.</param>
    /// <param name="format">What the image column holds.</param>
    /// <param name="shape">The shape images are resized to.</param>
    /// <param name="capacity">The most rows.</param>
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

    /// <summary>Rows taken.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no more rows may be taken: of rows, or of bytes, there are enough.</summary>
    public bool IsFull => Count == _rows.Length || (Count > 0 && _reader.IsFull);

    /// <summary>Forgets the rows.</summary>
    public void Clear() => Count = 0;

    /// <summary>Takes the cursor's current row.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="classOf">Finds the class of a key.</param>
    /// <returns>The key of its label, its weight and its name.</returns>
    public (int Key, float Weight, string Name) Take(string name, Func<int, int> classOf)
    {
        var (key, weight) = (_readKey(), _readWeight());
        _rows[Count] = new(name, classOf(key), weight, null);
        _reader.Read(Count++);
        return (key, weight, name);
    }

    /// <summary>Decodes all rows.</summary>
    public void Decode() =>
        _reader.DecodeAll(Count, i => _rows[i].Error = _reader.Decode(i, _pixels.AsSpan(i * _size, _size)));

    /// <summary>Why an image cannot be read; null where it can.</summary>
    public string? ErrorOf(int row) => _rows[row].Error;

    /// <summary>The decoded image of a row, [3,H,W].</summary>
    public ReadOnlySpan<byte> PixelsOf(int row) => _pixels.AsSpan(row * _size, _size);

    /// <summary>The class of a row; -1 for none that is known.</summary>
    public int LabelOf(int row) => _rows[row].Label;

    /// <summary>The weight of a row.</summary>
    public float WeightOf(int row) => _rows[row].Weight;

    /// <summary>The name of a row.</summary>
    public string NameOf(int row) => _rows[row].Name;

    private record struct Row(string Name, int Label, float Weight, string? Error);
}
