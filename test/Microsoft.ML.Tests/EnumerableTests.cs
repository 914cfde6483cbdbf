using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class EnumerableTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Wide
    {
        [NoColumn] public object? Ignored { get; set; }
        [ColumnName("Renamed")] public string Text { get; set; } = "";
        public bool Flag;
        public byte[] Bytes { get; set; } = [];
        public string[] Words { get; set; } = [];
        [VectorType(2, 2)] public float[] Matrix = [0, 0, 0, 0];
        [KeyType(5)] public uint Key { get; set; }
        public DateTime When { get; set; }
        public VBuffer<double> Sparse { get; set; }
        public long Big;
    }

    private static Wide Sample => new()
    {
        Text = "x", Flag = true, Bytes = [1, 2], Words = ["a", "b", "c"], Matrix = [1, 2, 3, 4], Key = 5,
        When = new(2020, 1, 2), Sparse = new(4, 1, [2.5], [3]), Big = long.MaxValue,
    };

    [Test]
    public void MembersBecomeTypedColumns()
    {
        var schema = _ml.Data.LoadFromEnumerable([Sample]).Schema;
        Assert.That(schema.Select(c => c.Name), Is.EquivalentTo(new[] { "Renamed", "Flag", "Bytes", "Words", "Matrix", "Key", "When", "Sparse", "Big" }));
        Assert.That(schema["Bytes"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Byte)));
        Assert.That(schema["Matrix"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 2, 2)));
        Assert.That(schema["Key"].Type, Is.EqualTo(new KeyDataViewType(typeof(uint), 5)));
        Assert.That(schema["Words"].Type, Is.EqualTo(new VectorDataViewType(TextDataViewType.Instance)));
    }

    [Test]
    public void RoundTripKeepsEveryValue()
    {
        var back = _ml.Data.CreateEnumerable<Wide>(_ml.Data.LoadFromEnumerable([Sample]), reuseRowObject: false).Single();
        Assert.That((back.Text, back.Flag, back.Key, back.When, back.Big), Is.EqualTo(("x", true, 5u, new DateTime(2020, 1, 2), long.MaxValue)));
        Assert.That(back.Bytes, Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(back.Words, Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(back.Matrix, Is.EqualTo(new float[] { 1, 2, 3, 4 }));
        Assert.That(back.Sparse.DenseValues(), Is.EqualTo(new[] { 0, 0, 0, 2.5 }));
    }

    [Test]
    public void RowsOfAListDoNotShareArrays()
    {
        var rows = _ml.Data.CreateEnumerable<Rows.Animal>(Rows.Table(_ml), reuseRowObject: false).ToList();
        Assert.That(rows[0].Features, Is.EqualTo(new float[] { 1, 2, 3 }));
        Assert.That(rows[1].Features, Is.EqualTo(new float[] { 4, 5, 6 }));
    }

    [Test]
    public void InactiveColumnsHaveNoGetter()
    {
        var data = Rows.Table(_ml);
        using var cursor = data.GetRowCursor([data.Schema["Name"]]);
        Assert.That(cursor.IsColumnActive(data.Schema["Name"]));
        Assert.That(cursor.IsColumnActive(data.Schema["Weight"]), Is.False);
        Assert.That(() => cursor.GetGetter<float>(data.Schema["Weight"]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => cursor.GetGetter<int>(data.Schema["Name"]), Throws.InvalidOperationException);
    }

    [Test]
    public void CursorsAreIndependent()
    {
        var data = Rows.Numbers(_ml, 2000);
        var sums = new long[4];
        Parallel.For(0, sums.Length, i => sums[i] = data.GetColumn<int>("Index").Sum(x => (long)x));
        Assert.That(sums, Is.All.EqualTo(1999L * 1000));
    }

    [Test]
    public void PositionsAndIdsFollowTheRows()
    {
        var data = Rows.Numbers(_ml, 3);
        using var cursor = data.GetRowCursor([]);
        var id = cursor.GetIdGetter();
        var seen = new HashSet<DataViewRowId>();
        Assert.That(cursor.Position, Is.EqualTo(-1));
        for (int i = 0; cursor.MoveNext(); i++)
        {
            DataViewRowId value = default;
            id(ref value);
            seen.Add(value);
            Assert.That(cursor.Position, Is.EqualTo(i));
        }
        Assert.That(seen, Has.Count.EqualTo(3));
    }

    [Test]
    public void ListsCountAndShuffle()
    {
        var data = Rows.Numbers(_ml, 100);
        Assert.That((data.GetRowCount(), data.CanShuffle), Is.EqualTo(((long?)100, true)));
        using var cursor = data.GetRowCursor(data.Schema, new Random(3));
        var getter = cursor.GetGetter<int>(data.Schema["Index"]);
        var seen = new List<int>();
        for (int value = 0; cursor.MoveNext(); seen.Add(value)) getter(ref value);
        Assert.That(seen, Is.Not.Ordered);
        Assert.That(seen, Is.EquivalentTo(Enumerable.Range(0, 100)));
    }

    private sealed class Missing
    {
        public string Absent { get; set; } = "unset";
        public string Name { get; set; } = "";
    }

    private sealed class Mistyped
    {
        public int Name { get; set; }
    }

    [Test]
    public void MissingColumnsAreRefusedUnlessIgnored()
    {
        var data = Rows.Table(_ml);
        Assert.That(() => _ml.Data.CreateEnumerable<Missing>(data, false).First(), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(_ml.Data.CreateEnumerable<Missing>(data, false, ignoreMissingColumns: true).First().Absent, Is.EqualTo("unset"));
        Assert.That(() => _ml.Data.CreateEnumerable<Mistyped>(data, false).First(), Throws.InvalidOperationException);
    }

    [Test]
    public void SchemaDefinitionsOverrideTypesAndAddAnnotations()
    {
        var definition = SchemaDefinition.Create(typeof(Wide));
        definition["Bytes"].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, 2);
        definition["Bytes"].AddAnnotation("IsNormalized", true, BooleanDataViewType.Instance);
        definition.Remove(definition["Words"]);
        var schema = _ml.Data.LoadFromEnumerable([Sample], definition).Schema;
        Assert.That(schema["Bytes"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Byte, 2)));
        Assert.That(schema["Bytes"].Annotations.Schema.GetColumnOrNull("IsNormalized"), Is.Not.Null);
        Assert.That(schema.GetColumnOrNull("Words"), Is.Null);
    }

    [Test]
    public void SchemasOverrideTypesAndAnnotationsOfMembers()
    {
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Kind", "Name").Fit(Rows.Table(_ml)).Transform(Rows.Table(_ml));
        var data = _ml.Data.LoadFromEnumerable(Rows.Animals, keyed.Schema);
        Assert.That(data.Schema["Kind"].HasKeyValues());
        Assert.That(_ml.Transforms.Conversion.MapKeyToValue("Name", "Kind").Fit(data).Transform(data).Texts("Name"), Is.EqualTo(new[] { "cat", "dog", "cat", "ant", "" }));
    }

    [Test]
    public void NullRowsAndNullData()
    {
        Assert.That(() => _ml.Data.LoadFromEnumerable<Rows.Animal>(null!), Throws.ArgumentNullException);
        Assert.That(() => _ml.Data.LoadFromEnumerable(new Rows.Animal[] { null! }).GetColumn<string>("Name").ToArray(), Throws.InstanceOf<Exception>());
    }
}
