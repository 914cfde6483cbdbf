using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests.Contracts;

/// <summary>How ML.NET numbers keys: classes, scores and predicted labels follow that order.</summary>
public class KeyTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Rows(params string[] names) =>
        _ml.Data.LoadFromEnumerable(names.Select(n => new Row { Name = n }));

    [Test]
    public void MapValueToKey_numbers_values_from_1_in_the_order_they_occur()
    {
        var data = Rows("cat", "dog", "cat", "ant", "");
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(data).Transform(data);
        Assert.That(keyed.GetColumn<uint>("Key"), Is.EqualTo(new uint[] { 1, 2, 1, 3, 0 }),
            "an empty text is a missing key");
        Assert.That(KeyValues(keyed, "Key"), Is.EqualTo(new[] { "cat", "dog", "ant" }));
    }

    [Test]
    public void MapValueToKey_makes_a_missing_key_of_a_value_it_was_not_fitted_on() =>
        Assert.That(_ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(Rows("cat"))
            .Transform(Rows("dog", "cat")).GetColumn<uint>("Key"), Is.EqualTo(new uint[] { 0, 1 }));

    [Test]
    public void MapValueToKey_takes_the_order_of_its_key_data()
    {
        var data = Rows("cat", "dog");
        var order = _ml.Transforms.DropColumns("Size").Fit(data).Transform(Rows("ant", "dog", "cat"));
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Name", keyData: order).Fit(data).Transform(data);
        Assert.That(keyed.GetColumn<uint>("Key"), Is.EqualTo(new uint[] { 3, 2 }));
        Assert.That(KeyValues(keyed, "Key"), Is.EqualTo(new[] { "ant", "dog", "cat" }));
    }

    [Test]
    public void MapValueToKey_keeps_the_type_of_numbers()
    {
        var data = Rows("cat", "dog");
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Size").Fit(data).Transform(data);
        VBuffer<float> values = default;
        keyed.Schema["Key"].GetKeyValues(ref values);
        Assert.That(values.DenseValues(), Is.EqualTo(new[] { 3f }));
        Assert.That(_ml.Transforms.Conversion.MapKeyToValue("Again", "Key").Fit(keyed).Transform(keyed)
            .GetColumn<float>("Again"), Is.EqualTo(new[] { 3f, 3 }));
    }

    [Test]
    public void MapValue_numbers_keys_in_the_order_its_values_are_listed()
    {
        var data = Rows("cat", "dog", "ant", "emu");
        KeyValuePair<string, string>[] table = [new("dog", "mammal"), new("ant", "insect"), new("cat", "mammal")];
        var mapped = _ml.Transforms.Conversion.MapValue("Class", table, "Name", treatValuesAsKeyType: true).Fit(data)
            .Transform(data);
        Assert.That(mapped.Schema["Class"].Type, Is.EqualTo(new KeyDataViewType(typeof(uint), 2)));
        Assert.That(mapped.GetColumn<uint>("Class"), Is.EqualTo(new uint[] { 1, 1, 2, 0 }));
        Assert.That(KeyValues(mapped, "Class"), Is.EqualTo(new[] { "mammal", "insect" }));
    }

    [Test]
    public void A_saved_model_keeps_key_values_and_their_order()
    {
        var data = Rows("dog", "cat");
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Name")
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Again", "Key")).Fit(data);
        var reloaded = ToyScorer.Reloaded(model, data.Schema).Transform(Rows("cat", "dog"));
        Assert.That(reloaded.GetColumn<uint>("Key"), Is.EqualTo(new uint[] { 2, 1 }));
        Assert.That(reloaded.GetColumn<string>("Again"), Is.EqualTo(new[] { "cat", "dog" }));
    }

    private static string[] KeyValues(IDataView data, string column)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        data.Schema[column].GetKeyValues(ref values);
        return [.. values.DenseValues().Select(v => v.ToString())];
    }

    private sealed class Row
    {
        public string Name { get; set; } = "";

        public float Size => Name.Length;
    }
}
