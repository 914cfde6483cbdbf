using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests;

public class PredictedLabelTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void The_predicted_label_is_a_key_of_32_bits_whatever_the_label_is()
    {
        var bytes = _ml.Data.LoadFromEnumerable(
            TinyRows.Pixels(4).Select((r, i) => new ByteRow { Label = (byte)(i % 2), Image = r.Image }));
        var numbers = TinyRows.Keyed(
            _ml,
            _ml.Data.LoadFromEnumerable(
                TinyRows.Pixels(4).Select((r, i) => new NumberRow { Label = i % 2, Image = r.Image })));
        foreach (var (data, values) in new[] { (bytes, typeof(ReadOnlyMemory<char>)), (numbers, typeof(int)) })
        {
            var promised = _ml.PaT()
                .ImageClassification(TinyRows.Options)
                .GetOutputSchema(SchemaShapes.Of(_ml, data))
                .Single(c => c.Name == "PredictedLabel");
            Assert.That((promised.IsKey, promised.ItemType.RawType), Is.EqualTo((true, typeof(uint))));
            Assert.That(
                promised.Annotations.Single(a => a.Name == "KeyValues").ItemType.RawType, Is.EqualTo(values));
            using var model = _ml.PaT().ImageClassification(TinyRows.Options).Fit(data);
            var given = model.GetOutputSchema(data.Schema)["PredictedLabel"];
            Assert.That(given.Type, Is.EqualTo(new KeyDataViewType(typeof(uint), 2)));
            Assert.That(
                ((VectorDataViewType)given.Annotations.Schema["KeyValues"].Type).ItemType.RawType, Is.EqualTo(values));
        }
    }

    private sealed class ByteRow
    {
        [KeyType(2)]
        public byte Label { get; set; }

        [VectorType(3 * TinyRows.Size * TinyRows.Size)]
        public float[] Image { get; set; } = [];
    }

    private sealed class NumberRow
    {
        public int Label { get; set; }

        [VectorType(3 * TinyRows.Size * TinyRows.Size)]
        public float[] Image { get; set; } = [];
    }
}
