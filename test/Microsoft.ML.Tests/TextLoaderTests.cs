using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class TextLoaderTests
{
    private readonly MLContext _ml = new(1);
    private string _file = "";

    [SetUp]
    public void Create() => _file = Path.GetTempFileName();

    [TearDown]
    public void Delete() => File.Delete(_file);

    private IDataView Load(string text, TextLoader.Options options)
    {
        File.WriteAllText(_file, text);
        return _ml.Data.LoadFromTextFile(_file, options);
    }

    private static TextLoader.Options Csv(params TextLoader.Column[] columns) => new() { Columns = columns, Separators = [','], AllowQuoting = true };

    private static readonly TextLoader.Column[] NameAndNumber = [new("Name", DataKind.String, 0), new("Number", DataKind.Single, 1)];

    [Test]
    public void QuotedFieldsHoldSeparatorsAndQuotes()
    {
        var data = Load("\"a,b\",1\n\"say \"\"hi\"\"\",2\n  plain , 3\n\"\",4\n", Csv(NameAndNumber));
        Assert.That(data.Texts("Name"), Is.EqualTo(new[] { "a,b", "say \"hi\"", "plain ", "" }));
        Assert.That(data.GetColumn<float>("Number"), Is.EqualTo(new float[] { 1, 2, 3, 4 }));
    }

    [Test]
    public void WithoutQuotingQuotesAreText()
    {
        var options = Csv(NameAndNumber);
        options.AllowQuoting = false;
        Assert.That(Load("\"a\",1\n", options).Texts("Name"), Is.EqualTo(new[] { "\"a\"" }));
    }

    [Test]
    public void QuotedFieldsSpanLinesWhereAllowed()
    {
        var options = Csv(NameAndNumber);
        options.ReadMultilines = true;
        var data = Load("\"two\nlines\",1\nnext,2\n", options);
        Assert.That(data.Texts("Name"), Is.EqualTo(new[] { "two\nlines", "next" }));
    }

    [Test]
    public void EscapeCharacterOtherThanTheQuote()
    {
        var options = Csv(NameAndNumber);
        options.EscapeChar = '\\';
        Assert.That(Load("\"say \\\"hi\\\"\",1\n", options).Texts("Name"), Is.EqualTo(new[] { "say \"hi\"" }));
    }

    [Test]
    public void TrimWhitespaceTrimsTheEnd()
    {
        var options = Csv(NameAndNumber);
        options.TrimWhitespace = true;
        Assert.That(Load(" a  ,1\n", options).Texts("Name"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void HeaderNamesTheSlotsOfVectors()
    {
        var options = Csv(new TextLoader.Column("Features", DataKind.Single, 1, 2), new TextLoader.Column("Label", DataKind.String, 0));
        options.HasHeader = true;
        var data = Load("label,left,right\nx,1,2\n\ny,3,4\n", options);
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Features"].GetSlotNames(ref names);
        Assert.That(names.DenseValues().Select(n => n.ToString()), Is.EqualTo(new[] { "left", "right" }));
        Assert.That(data.GetColumn<float[]>("Features"), Is.EqualTo(new[] { new float[] { 1, 2 }, [3, 4] }));
    }

    [Test]
    public void MissingFieldsAreDefaultsAndMissingRealsNotNumbers()
    {
        var data = Load("a\nb,?\nc,\n", Csv(NameAndNumber));
        Assert.That(data.GetColumn<float>("Number"), Is.EqualTo(new[] { 0, float.NaN, 0 }));
    }

    [Test]
    public void TextThatIsNoNumberIsAnErrorThatNamesLineAndColumn() =>
        Assert.That(() => Load("a,1\nb,x\n", Csv(NameAndNumber)).GetColumn<float>("Number").ToArray(),
            Throws.InvalidOperationException.With.Message.Contains("line 2").And.Message.Contains("Number"));

    [Test]
    public void KeysStandInFilesFromZero()
    {
        var data = Load("0\n2\n\n?\n", Csv(new TextLoader.Column("Key", DataKind.UInt32, [new TextLoader.Range(0)], new KeyCount(3))));
        Assert.That(data.Schema["Key"].Type, Is.EqualTo(new KeyDataViewType(typeof(uint), 3)));
        Assert.That(data.GetColumn<uint>("Key"), Is.EqualTo(new uint[] { 1, 3, 0 }));
    }

    private sealed class Picture
    {
        [LoadColumn(0)] public string ImagePath { get; set; } = "";
        [LoadColumn(1), ColumnName("Class")] public string Label { get; set; } = "";
        [LoadColumn(2, 3), VectorType(2)] public float[] Size { get; set; } = [];
    }

    [Test]
    public void ClassesNameTheirColumns()
    {
        File.WriteAllText(_file, "a.png\tcat\t3\t4\n");
        var data = _ml.Data.LoadFromTextFile<Picture>(_file);
        Assert.That(data.Schema.Select(c => c.Name), Is.EquivalentTo(new[] { "ImagePath", "Class", "Size" }));
        var row = _ml.Data.CreateEnumerable<Picture>(data, false).Single();
        Assert.That((row.ImagePath, row.Label), Is.EqualTo(("a.png", "cat")));
        Assert.That(row.Size, Is.EqualTo(new float[] { 3, 4 }));
    }

    [Test]
    public void LoadersTakeSeveralFilesAndMaxRowsEnds()
    {
        File.WriteAllText(_file, "a,1\nb,2\n");
        var options = Csv(NameAndNumber);
        Assert.That(_ml.Data.CreateTextLoader(options).Load(_file, _file).Texts("Name"), Is.EqualTo(new[] { "a", "b", "a", "b" }));
        options.MaxRows = 1;
        Assert.That(_ml.Data.CreateTextLoader(options).Load(_file).Texts("Name"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void MissingFile() =>
        Assert.That(() => _ml.Data.LoadFromTextFile("/no/such/file.csv", Csv(NameAndNumber)), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
