using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.PaT.Modeling.OnnxImport;

namespace Microsoft.ML.PaT.Data;

/// <summary>The columns of a data view that images are read from.</summary>
/// <param name="Data">The data view.</param>
/// <param name="Image">The images.</param>
/// <param name="Label">Their classes.</param>
/// <param name="Weight">How much they count; null where all count the same.</param>
/// <param name="Name">Where they come from, as text; null where no column says so.</param>
internal sealed record ImageColumns(IDataView Data, DataViewSchema.Column Image, DataViewSchema.Column Label, DataViewSchema.Column? Weight, DataViewSchema.Column? Name)
{
    /// <summary>Images whose bytes are hashed, evenly spread: to read all of them would take as long as to decode them.</summary>
    private const int SampledImages = 1024;

    /// <summary>A cursor over these columns.</summary>
    public DataViewRowCursor Rows() => SequentialCursor.Open(Data, new DataViewSchema.Column?[] { Image, Label, Weight, Name }.OfType<DataViewSchema.Column>());

    /// <summary>The number of rows; where the data does not know it, they are passed through, and no image is read.</summary>
    public long Count()
    {
        if (Data.GetRowCount() is { } known) return known;
        var count = 0L;
        using var cursor = SequentialCursor.Open(Data, [Label]);
        while (cursor.MoveNext()) count++;
        return count;
    }

    /// <summary>
    /// What the images are made from: shape, kind of column and classes; label, weight and name of every row; length and time of the file where the name is
    /// the path of one; the bytes of 1,024 images. What it cannot see is said in docs/decisions/image-store.md.
    /// </summary>
    /// <param name="format">How the column is read.</param>
    /// <param name="shape">The shape images are brought to.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="rows">The number of rows.</param>
    /// <returns>Thirty-two hexadecimal digits.</returns>
    public string Fingerprint(ImageColumnFormat format, ImageShape shape, IReadOnlyList<string> classes, long rows)
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
            Add($"{labelOf()} {weightOf():R} {text}{Stamp(text.ToString())}");
            if (rows > SampledImages && row * SampledImages / rows == (row - 1) * SampledImages / rows && row > 0) continue;
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
