using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.PaT;

/// <summary>The columns of a data view that pictures are read from.</summary>
/// <param name="Data">The data view.</param>
/// <param name="Image">The pictures.</param>
/// <param name="Label">Their classes.</param>
/// <param name="Weight">How much they count; null where all count the same.</param>
/// <param name="Name">Where they come from, as text; null where no column says so.</param>
internal sealed record PictureSource(IDataView Data, DataViewSchema.Column Image, DataViewSchema.Column Label, DataViewSchema.Column? Weight, DataViewSchema.Column? Name)
{
    /// <summary>Pictures whose bytes are hashed, evenly spread: to read all of them would take as long as to decode them.</summary>
    private const int SampledPictures = 1024;

    /// <summary>A cursor over these columns.</summary>
    public DataViewRowCursor Rows() => SequentialCursor.Open(Data, new DataViewSchema.Column?[] { Image, Label, Weight, Name }.OfType<DataViewSchema.Column>());

    /// <summary>The number of rows; where the data does not know it, they are passed through, and no picture is read.</summary>
    public long Count()
    {
        if (Data.GetRowCount() is { } known) return known;
        var count = 0L;
        using var cursor = SequentialCursor.Open(Data, [Label]);
        while (cursor.MoveNext()) count++;
        return count;
    }

    /// <summary>
    /// What the pictures are made from: shape, kind of column and classes; label, weight and name of every row; length and time of the file where the name is
    /// the path of one; the bytes of 1,024 pictures. What it cannot see is said in docs/decisions/picture-store.md.
    /// </summary>
    /// <param name="format">How the column is read.</param>
    /// <param name="shape">The shape pictures are brought to.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="rows">The number of rows.</param>
    /// <returns>Thirty-two hexadecimal digits.</returns>
    public string Fingerprint(PictureFormat format, ImageShape shape, IReadOnlyList<string> classes, long rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"{format} {shape} {rows} {Image.Type}\n{string.Join('\n', classes)}");
        using var cursor = Rows();
        var reader = PictureReader.Create(format, cursor, Image, shape, slots: 1);
        var labelOf = LabelReader.Create(cursor, Label);
        var weightOf = WeightReader.Create(cursor, Weight);
        var nameOf = Name is { } name ? cursor.GetGetter<ReadOnlyMemory<char>>(name) : null;
        ReadOnlyMemory<char> text = default;
        for (var row = 0L; cursor.MoveNext(); row++)
        {
            nameOf?.Invoke(ref text);
            Add($"{labelOf()} {weightOf():R} {text}{Stamp(text.ToString())}");
            if (rows > SampledPictures && row * SampledPictures / rows == (row - 1) * SampledPictures / rows && row > 0) continue;
            reader.Read(0);
            Add($"{reader.Taken(0).Length}");
            hash.AppendData(reader.Taken(0));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];

        void Add(FormattableString line) => hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant(line) + "\n"));
    }

    private static string Stamp(string path)
    {
        if (!File.Exists(path)) return "";
        var file = new FileInfo(path);
        return FormattableString.Invariant($" {file.Length} {file.LastWriteTimeUtc.Ticks}");
    }
}
