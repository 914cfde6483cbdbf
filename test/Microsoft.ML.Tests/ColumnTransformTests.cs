using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class ColumnTransformTests
{
    private readonly MLContext _ml = new(1);

    private IDataView Apply(IEstimator<ITransformer> estimator) => estimator.Fit(Rows.Table(_ml)).Transform(Rows.Table(_ml));

    [Test]
    public void ConcatenateNamesItsSlots()
    {
        var data = Apply(_ml.Transforms.Concatenate("All", "Weight", "Features"));
        Assert.That(data.Schema["All"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 4)));
        Assert.That(data.GetColumn<float[]>("All").First(), Is.EqualTo(new float[] { 4, 1, 2, 3 }));
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["All"].GetSlotNames(ref names);
        Assert.That(names.GetItemOrDefault(0).ToString(), Is.EqualTo("Weight"));
    }

    [Test]
    public void ConcatenateWantsOneType() =>
        Assert.That(() => Chain(_ml.Transforms.Concatenate("All", "Weight", "Name")).Fit(Rows.Table(_ml)), Throws.InvalidOperationException);

    [Test]
    public void SelectAndDrop()
    {
        Assert.That(Apply(_ml.Transforms.SelectColumns("Weight", "Name")).Schema.Select(c => c.Name), Is.EqualTo(new[] { "Weight", "Name" }));
        Assert.That(Apply(_ml.Transforms.DropColumns("Weight", "Name")).Schema.Select(c => c.Name), Is.EquivalentTo(new[] { "Features", "Kind" }));
    }

    [Test]
    public void CopyKeepsTypeAndAnnotations()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Append(_ml.Transforms.CopyColumns("Copy", "Key"));
        var schema = Apply(pipeline).Schema;
        Assert.That(schema["Copy"].Type, Is.EqualTo(schema["Key"].Type));
        Assert.That(schema["Copy"].HasKeyValues());
    }

    [Test]
    public void ReplacingAColumnHidesTheOldOne()
    {
        var data = Apply(_ml.Transforms.Conversion.ConvertType("Weight", outputKind: DataKind.Double));
        Assert.That(data.Schema["Weight"].Type, Is.EqualTo(NumberDataViewType.Double));
        Assert.That(data.Schema.Count(c => c.Name == "Weight"), Is.EqualTo(2));
        Assert.That(data.GetColumn<double>("Weight").First(), Is.EqualTo(4));
    }

    private sealed class Texts
    {
        public string Number { get; set; } = "";
        public bool Flag { get; set; }
        public byte Byte { get; set; }
        public float Real { get; set; }
        [VectorType(2)] public byte[] Bytes { get; set; } = [];
    }

    private readonly Texts _row = new() { Number = "2.5", Flag = true, Byte = 200, Real = 3.9f, Bytes = [1, 255] };

    private T Converted<T>(string column, DataKind kind)
    {
        var data = _ml.Data.LoadFromEnumerable([_row]);
        return _ml.Transforms.Conversion.ConvertType("Out", column, kind).Fit(data).Transform(data).GetColumn<T>("Out").Single();
    }

    [Test]
    public void ConvertTypeBetweenKinds()
    {
        Assert.That(Converted<float>("Number", DataKind.Single), Is.EqualTo(2.5f));
        Assert.That(Converted<float>("Flag", DataKind.Single), Is.EqualTo(1f));
        Assert.That(Converted<double>("Byte", DataKind.Double), Is.EqualTo(200d));
        Assert.That(Converted<int>("Real", DataKind.Int32), Is.EqualTo(3));
        Assert.That(Converted<string>("Byte", DataKind.String), Is.EqualTo("200"));
        Assert.That(Converted<float[]>("Bytes", DataKind.Single), Is.EqualTo(new float[] { 1, 255 }));
    }

    private static EstimatorChain<T> Chain<T>(IEstimator<T> estimator) where T : class, ITransformer => new EstimatorChain<ITransformer>().Append(estimator);
}
