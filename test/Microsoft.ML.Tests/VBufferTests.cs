using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class VBufferTests
{
    [Test]
    public void DenseHoldsAllValuesAndNoIndices()
    {
        var v = new VBuffer<int>(3, [1, 2, 3]);
        Assert.That(v.IsDense);
        Assert.That(v.GetValues().ToArray(), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(v.GetIndices().Length, Is.Zero);
    }

    [Test]
    public void SparseReadsDefaultsBetweenItsValues()
    {
        var v = new VBuffer<int>(5, 2, [7, 9], [1, 4]);
        Assert.That(v.IsDense, Is.False);
        Assert.That(v.DenseValues(), Is.EqualTo(new[] { 0, 7, 0, 0, 9 }));
        Assert.That(v.Items().Select(i => (i.Key, i.Value)), Is.EqualTo(new[] { (1, 7), (4, 9) }));
        Assert.That(v.Items(all: true).Count(), Is.EqualTo(5));
        Assert.That((v.GetItemOrDefault(1), v.GetItemOrDefault(2)), Is.EqualTo((7, 0)));
    }

    [Test]
    public void CopyToRangeOfSparse()
    {
        var v = new VBuffer<int>(6, 3, [1, 2, 3], [0, 2, 5]);
        VBuffer<int> part = default;
        v.CopyTo(ref part, 1, 4);
        Assert.That(part.DenseValues(), Is.EqualTo(new[] { 0, 2, 0, 0 }));
    }

    [Test]
    public void CopyReusesLargeEnoughArrays()
    {
        var target = new VBuffer<byte>(8, new byte[8]);
        var source = new VBuffer<byte>(3, [1, 2, 3]);
        var before = target.GetValues();
        source.CopyTo(ref target);
        Assert.That(target.DenseValues(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(before[0], Is.EqualTo(1), "the same array");
    }

    [Test]
    public void EditorTruncates()
    {
        VBuffer<float> v = default;
        var editor = VBufferEditor.Create(ref v, 10, 4);
        for (int i = 0; i < 4; i++) (editor.Values[i], editor.Indices[i]) = (i + 1, 2 * i);
        v = editor.CommitTruncated(2);
        Assert.That(v.DenseValues(), Is.EqualTo(new float[] { 1, 0, 2, 0, 0, 0, 0, 0, 0, 0 }));
    }

    [Test]
    public void CopyToSpanNeedsRoom() =>
        Assert.That(() => new VBuffer<int>(3, [1, 2, 3]).CopyTo(new int[2]), Throws.InstanceOf<ArgumentException>());
}
