using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.PaT.Data;

/// <summary>Columns from which images are read.</summary>
/// <param name="Weight">Weights of the images; null if all are 1.</param>
/// <param name="Names">Text columns with names or paths of the images. Messages have the first one.</param>
internal sealed record ImageColumns(
    IDataView Data,
    DataViewSchema.Column Image,
    DataViewSchema.Column Label,
    DataViewSchema.Column? Weight,
    IReadOnlyList<DataViewSchema.Column> Names)
{
    /// <summary>
    /// Number of images whose bytes are hashed, at equal distances. Reading all of them would take as long as decoding
    /// them.
    /// </summary>
    private const int SampledImages = 1024;

    public DataViewRowCursor Rows() =>
        SequentialCursor.Open(
            Data, [Image, Label, .. Weight is { } weight ? [weight] : Array.Empty<DataViewSchema.Column>(), .. Names]);

    /// <summary>The column whose text names a row in messages; null for none.</summary>
    public DataViewSchema.Column? Name => Names is [var first, ..] ? first : null;

    /// <summary>Number of rows. If the data view does not have it, the rows are counted without reading
    /// images.</summary>
    public long Count()
    {
        if (Data.GetRowCount() is { } known) return known;
        var count = 0L;
        using var cursor = SequentialCursor.Open(Data, [Label]);
        while (cursor.MoveNext()) count++;
        return count;
    }

    /// <summary>
    /// Hash of the images' sources: shape, column format and classes; label, weight, names and paths of every row;
    /// length and time of the files at the paths; the bytes of 1,024 images. For its limits see
    /// docs/decisions/image-store.md.
    /// </summary>
    /// <param name="format">Format of the column.</param>
    /// <param name="classOf">Position in <paramref name="classes"/> of a key; data views number classes
    /// differently.</param>
    /// <param name="rows">Number of rows.</param>
    /// <returns>Thirty-two hexadecimal digits.</returns>
    public string Fingerprint(
        ImageColumnFormat format, ImageShape shape, IReadOnlyList<string> classes, Func<int, int> classOf, long rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"{format} {shape} {rows} {Image.Type}\n{string.Join('\n', classes)}");
        using var cursor = Rows();
        var reader = ImageRowReader.Create(format, cursor, Image, shape, slots: 1);
        var labelOf = LabelReader.Create(cursor, Label);
        var weightOf = WeightReader.Create(cursor, Weight);
        var getters = Names.Select(name => cursor.GetGetter<ReadOnlyMemory<char>>(name)).ToList();
        for (var row = 0L; cursor.MoveNext(); row++)
        {
            Add($"{classOf(labelOf())} {weightOf():R} {string.Join(' ', getters.Select(Stamped))}");
            if (rows > SampledImages && row * SampledImages / rows == (row - 1) * SampledImages / rows && row > 0)
                continue;
            reader.Read(0);
            Add($"{reader.BytesOf(0).Length}");
            hash.AppendData(reader.BytesOf(0));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];

        void Add(FormattableString line) =>
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant(line) + "\n"));
    }

    /// <summary>The text of a row and, if it is the path of a file, the length and time of the file.</summary>
    private static string Stamped(ValueGetter<ReadOnlyMemory<char>> getter)
    {
        ReadOnlyMemory<char> text = default;
        getter(ref text);
        var path = text.ToString();
        if (!File.Exists(path)) return path;
        var file = new FileInfo(path);
        return FormattableString.Invariant($"{path} {file.Length} {file.LastWriteTimeUtc.Ticks}");
    }
}
