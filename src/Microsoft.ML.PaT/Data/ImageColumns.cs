using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.PaT.Data;

/// <summary>Columns from which images are read.</summary>
/// <param name="Weight">Weights of the images; null if all are 1.</param>
/// <param name="Name">Names of the images, as text; null if there is no such column.</param>
internal sealed record ImageColumns(
    IDataView Data,
    DataViewSchema.Column Image,
    DataViewSchema.Column Label,
    DataViewSchema.Column? Weight,
    DataViewSchema.Column? Name)
{
    /// <summary>
    /// Number of images whose bytes are hashed, at equal distances. Reading all of them would take as long as decoding
    /// them.
    /// </summary>
    private const int SampledImages = 1024;

    public DataViewRowCursor Rows() =>
        SequentialCursor.Open(
            Data, new DataViewSchema.Column?[] { Image, Label, Weight, Name }.OfType<DataViewSchema.Column>());

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
    /// Hash of the images' sources: shape, column format and classes; label, weight and name of every row; length and
    /// time of the file if the name is a path; the bytes of 1,024 images. For its limits see
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
        var nameOf = Name is { } name ? cursor.GetGetter<ReadOnlyMemory<char>>(name) : null;
        ReadOnlyMemory<char> text = default;
        for (var row = 0L; cursor.MoveNext(); row++)
        {
            nameOf?.Invoke(ref text);
            Add($"{classOf(labelOf())} {weightOf():R} {text}{Stamp(text.ToString())}");
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

    private static string Stamp(string path)
    {
        if (!File.Exists(path)) return "";
        var file = new FileInfo(path);
        return FormattableString.Invariant($" {file.Length} {file.LastWriteTimeUtc.Ticks}");
    }
}
