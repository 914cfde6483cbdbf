using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class SchemaTests
{
    [Test]
    public void LaterColumnHidesEarlierOfTheSameName()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Int32);
        builder.AddColumn("A", TextDataViewType.Instance);
        var schema = builder.ToSchema();
        Assert.That(schema[0].IsHidden);
        Assert.That(schema["A"].Index, Is.EqualTo(1));
    }

    [Test]
    public void UnknownColumn()
    {
        var schema = new DataViewSchema.Builder().ToSchema();
        Assert.That(() => schema["nope"], Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(schema.GetColumnOrNull("nope"), Is.Null);
    }

    [Test]
    public void TypesEqualByContent()
    {
        Assert.That(new KeyDataViewType(typeof(uint), 3), Is.EqualTo(new KeyDataViewType(typeof(uint), 3)));
        Assert.That(new KeyDataViewType(typeof(uint), 3), Is.Not.EqualTo(new KeyDataViewType(typeof(uint), 4)));
        Assert.That(new VectorDataViewType(NumberDataViewType.Single, 2, 3), Is.Not.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 6)));
        Assert.That(new VectorDataViewType(NumberDataViewType.Single, 2, 3).Size, Is.EqualTo(6));
        Assert.That(new VectorDataViewType(NumberDataViewType.Byte).IsKnownSize, Is.False);
    }

    [Test]
    public void KeysAreUnsigned()
    {
        Assert.That(() => new KeyDataViewType(typeof(int), 3), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new KeyDataViewType(typeof(uint), 0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new KeyDataViewType(typeof(byte), 256), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void AnnotationsGiveWhatWasAdded()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        builder.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2), (ref VBuffer<ReadOnlyMemory<char>> dst) => dst = new(2, ["a".AsMemory(), "b".AsMemory()]));
        var annotations = builder.ToAnnotations();
        bool normalized = false;
        annotations.GetValue("IsNormalized", ref normalized);
        Assert.That(normalized);
        Assert.That(annotations.Schema.Select(c => c.Name), Is.EqualTo(new[] { "IsNormalized", "SlotNames" }));
        Assert.That(() => annotations.GetValue("none", ref normalized), Throws.InvalidOperationException);
        float wrong = 0;
        Assert.That(() => annotations.GetValue("IsNormalized", ref wrong), Throws.InvalidOperationException);
    }

    [Test]
    public void SlotNamesCountOnlyWhereTheyFitTheVector()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2), (ref VBuffer<ReadOnlyMemory<char>> dst) => dst = new(2, ["a".AsMemory(), "b".AsMemory()]));
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("fits", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        schema.AddColumn("not", new VectorDataViewType(NumberDataViewType.Single, 3), annotations.ToAnnotations());
        var built = schema.ToSchema();
        Assert.That((built["fits"].HasSlotNames(), built["not"].HasSlotNames()), Is.EqualTo((true, false)));
    }
}
