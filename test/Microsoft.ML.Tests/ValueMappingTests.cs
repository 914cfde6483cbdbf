using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class ValueMappingTests
{
    private readonly MLContext _ml = new(1);

    private IDataView Map(Func<TransformsCatalog.ConversionTransforms, IEstimator<ITransformer>> estimator) =>
        estimator(_ml.Transforms.Conversion).Fit(Rows.Table(_ml)).Transform(Rows.Table(_ml));

    [Test]
    public void MapsScalarsAndGivesDefaultsForUnknown()
    {
        var data = Map(c => c.MapValue("Legs", new Dictionary<string, int> { ["cat"] = 4, ["ant"] = 6 }, "Name"));
        Assert.That(data.GetColumn<int>("Legs"), Is.EqualTo(new[] { 4, 0, 4, 6, 0 }));
    }

    [Test]
    public void MapsToTexts()
    {
        var data = Map(c => c.MapValue("Says", new Dictionary<string, string> { ["cat"] = "miaow" }, "Name"));
        Assert.That(data.Texts("Says"), Is.EqualTo(new[] { "miaow", "", "miaow", "", "" }));
    }

    [Test]
    public void ValuesAsKeysAreNumberedAsListed()
    {
        var data = Map(c => c.MapValue("Class", new Dictionary<string, string> { ["dog"] = "mammal", ["ant"] = "insect", ["cat"] = "mammal" }, "Name", treatValuesAsKeyType: true));
        Assert.That(data.Schema["Class"].Type, Is.EqualTo(new KeyDataViewType(typeof(uint), 2)));
        Assert.That(data.GetColumn<uint>("Class"), Is.EqualTo(new uint[] { 1, 1, 1, 2, 0 }));
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Class"].GetKeyValues(ref names);
        Assert.That(names.DenseValues().Select(n => n.ToString()), Is.EqualTo(new[] { "mammal", "insect" }));
    }

    [Test]
    public void MapsToByteVectors()
    {
        var bytes = Enumerable.Range(0, 300).Select(i => (byte)i).ToArray();
        var data = Map(c => c.MapValue("Blob", new Dictionary<string, byte[]> { ["cat"] = bytes, ["dog"] = [1] }, "Name"));
        var blobs = data.GetColumn<byte[]>("Blob").ToArray();
        Assert.That(blobs[0], Is.EqualTo(bytes));
        Assert.That(blobs[1], Is.EqualTo(new byte[] { 1 }));
    }

    private sealed class Pair
    {
        public string From { get; set; } = "";
        public float To { get; set; }
    }

    [Test]
    public void MapsByATable()
    {
        var table = _ml.Data.LoadFromEnumerable(new[] { new Pair { From = "dog", To = 1.5f } });
        var data = Map(c => c.MapValue("Mapped", table, table.Schema["From"], table.Schema["To"], "Name"));
        Assert.That(data.GetColumn<float>("Mapped").ElementAt(1), Is.EqualTo(1.5f));
    }

    [Test]
    public void WrongTypeOfInput() =>
        Assert.That(() => Map(c => c.MapValue("X", new Dictionary<int, int> { [1] = 2 }, "Name")), Throws.InstanceOf<Exception>().And.Not.InstanceOf<InvalidCastException>());
}
