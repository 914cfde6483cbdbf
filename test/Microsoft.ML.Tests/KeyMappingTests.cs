using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Tests;

public class KeyMappingTests
{
    private readonly MLContext _ml = new(1);

    private IDataView Keyed(ValueToKeyMappingEstimator.KeyOrdinality order = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence, int most = 1000) =>
        _ml.Transforms.Conversion.MapValueToKey("Key", "Name", most, order).Fit(Rows.Table(_ml)).Transform(Rows.Table(_ml));

    private static string[] KeyValues(IDataView data, string column)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        data.Schema[column].GetKeyValues(ref values);
        return values.DenseValues().Select(v => v.ToString()).ToArray();
    }

    [Test]
    public void NumbersByOccurrenceFromOneWithMissingZero()
    {
        var data = Keyed();
        Assert.That(data.GetColumn<uint>("Key"), Is.EqualTo(new uint[] { 1, 2, 1, 3, 0 }));
        Assert.That(data.Schema["Key"].Type, Is.EqualTo(new KeyDataViewType(typeof(uint), 3)));
        Assert.That(KeyValues(data, "Key"), Is.EqualTo(new[] { "cat", "dog", "ant" }));
    }

    [Test]
    public void NumbersByValueWhenAsked() =>
        Assert.That(Keyed(ValueToKeyMappingEstimator.KeyOrdinality.ByValue).GetColumn<uint>("Key"), Is.EqualTo(new uint[] { 2, 3, 2, 1, 0 }));

    [Test]
    public void ValuesBeyondTheMaximumAreMissing() =>
        Assert.That(Keyed(most: 2).GetColumn<uint>("Key"), Is.EqualTo(new uint[] { 1, 2, 1, 0, 0 }));

    [Test]
    public void UnseenValuesAreMissing()
    {
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(_ml.Data.TakeRows(Rows.Table(_ml), 1));
        Assert.That(model.Transform(Rows.Table(_ml)).GetColumn<uint>("Key"), Is.EqualTo(new uint[] { 1, 0, 1, 0, 0 }));
    }

    private sealed class Term
    {
        public string Value { get; set; } = "";
    }

    [Test]
    public void KeyDataFixesTheOrder()
    {
        var terms = _ml.Data.LoadFromEnumerable(new[] { "ant", "cat", "dog", "eel" }.Select(v => new Term { Value = v }));
        var data = _ml.Transforms.Conversion.MapValueToKey("Key", "Name", keyData: terms).Fit(Rows.Table(_ml)).Transform(Rows.Table(_ml));
        Assert.That(data.GetColumn<uint>("Key"), Is.EqualTo(new uint[] { 2, 3, 2, 1, 0 }));
        Assert.That(KeyValues(data, "Key"), Has.Length.EqualTo(4));
    }

    [Test]
    public void NumbersHaveNumericKeyValuesAndTextOnesOnRequest()
    {
        var numeric = _ml.Transforms.Conversion.MapValueToKey("Key", "Weight").Fit(Rows.Table(_ml)).Transform(Rows.Table(_ml));
        VBuffer<float> values = default;
        numeric.Schema["Key"].GetKeyValues(ref values);
        Assert.That(values.DenseValues(), Is.EqualTo(new[] { 4f, 20, 5, 0.001f }));
        var text = _ml.Transforms.Conversion.MapValueToKey("Key", "Weight", addKeyValueAnnotationsAsText: true).Fit(Rows.Table(_ml)).Transform(Rows.Table(_ml));
        Assert.That(KeyValues(text, "Key"), Is.EqualTo(new[] { "4", "20", "5", "0.001" }));
    }

    [Test]
    public void BackToValues()
    {
        var keyed = Keyed();
        var data = _ml.Transforms.Conversion.MapKeyToValue("Again", "Key").Fit(keyed).Transform(keyed);
        Assert.That(data.Texts("Again"), Is.EqualTo(data.Texts("Name")));
    }

    [Test]
    public void KeysWithoutValuesCannotBeMappedBack() =>
        Assert.That(() => _ml.Transforms.Conversion.MapKeyToValue("Again", "Kind").Fit(Rows.Table(_ml)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void KeysOfKeysKeepTheFirstKeysValues()
    {
        var keyed = _ml.Data.SkipRows(Keyed(), 1);
        var again = _ml.Transforms.Conversion.MapValueToKey("Key2", "Key").Fit(keyed).Transform(keyed);
        Assert.That(KeyValues(again, "Key2"), Is.EqualTo(new[] { "dog", "cat", "ant" }));
    }
}
