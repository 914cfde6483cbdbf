using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class RowOperationTests
{
    private readonly MLContext _ml = new(1);

    [Test]
    public void TakeAndSkip()
    {
        var data = Rows.Numbers(_ml, 10);
        Assert.That(_ml.Data.TakeRows(data, 3).Indices(), Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(_ml.Data.SkipRows(data, 8).Indices(), Is.EqualTo(new[] { 8, 9 }));
        Assert.That(_ml.Data.TakeRows(_ml.Data.SkipRows(data, 9), 5).Indices(), Is.EqualTo(new[] { 9 }));
        Assert.That(_ml.Data.SkipRows(data, 20).Indices(), Is.Empty);
    }

    [Test]
    public void ShuffleKeepsRowsAndFollowsTheSeed()
    {
        var data = Rows.Numbers(_ml, 300);
        var shuffled = _ml.Data.ShuffleRows(data, seed: 5, shufflePoolSize: 50);
        var order = shuffled.Indices();
        Assert.That(order, Is.Not.Ordered);
        Assert.That(order, Is.EquivalentTo(Enumerable.Range(0, 300)));
        Assert.That(shuffled.Indices(), Is.EqualTo(order), "every pass alike");
        Assert.That(_ml.Data.ShuffleRows(data, seed: 5, shufflePoolSize: 50).Indices(), Is.EqualTo(order));
        Assert.That(_ml.Data.ShuffleRows(data, seed: 6, shufflePoolSize: 50).Indices(), Is.Not.EqualTo(order));
    }

    [Test]
    public void ShuffleOfPoolOnlyMovesNoRowForwardFurtherThanThePool()
    {
        var order = _ml.Data.ShuffleRows(Rows.Numbers(_ml, 200), seed: 1, shufflePoolSize: 10, shuffleSource: false).Indices();
        Assert.That(order.Select((row, at) => row - at), Is.All.LessThan(10));
    }

    [Test]
    public void FilterByRangeAndByMissing()
    {
        var data = Rows.Table(_ml);
        Assert.That(_ml.Data.FilterRowsByColumn(data, "Weight", 4, 20).Texts("Name"), Is.EqualTo(new[] { "cat", "cat" }));
        Assert.That(_ml.Data.FilterRowsByMissingValues(data, "Weight").Texts("Name"), Has.Length.EqualTo(4));
    }

    [Test]
    public void FilterByShareOfTheKeys()
    {
        var data = Rows.Table(_ml); // kinds 1, 2, 1, 3 and missing, of 3
        Assert.That(_ml.Data.FilterRowsByKeyColumnFraction(data, "Kind", 0, 0.4).GetColumn<uint>("Kind"), Is.EqualTo(new uint[] { 1, 1 }));
        Assert.That(_ml.Data.FilterRowsByKeyColumnFraction(data, "Kind", 0.4, 1).GetColumn<uint>("Kind"), Is.EqualTo(new uint[] { 2, 3 }));
    }

    [Test]
    public void PredicatesSayWhatIsDropped() =>
        Assert.That(_ml.Data.FilterByCustomPredicate<Rows.Indexed>(Rows.Numbers(_ml, 10), row => row.Index % 2 == 0).Indices(), Is.EqualTo(new[] { 1, 3, 5, 7, 9 }));

    [Test]
    public void FilterRefusesTextAndEmptyRanges()
    {
        Assert.That(() => _ml.Data.FilterRowsByColumn(Rows.Table(_ml), "Name"), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _ml.Data.FilterRowsByColumn(Rows.Table(_ml), "Weight", 2, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _ml.Data.FilterRowsByColumn(Rows.Table(_ml), "Absent"), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void FilterReadsItsColumnThoughTheCallerDoesNot()
    {
        var filtered = _ml.Data.FilterRowsByColumn(Rows.Table(_ml), "Weight", 10);
        using var cursor = filtered.GetRowCursor([]);
        int rows = 0;
        while (cursor.MoveNext()) rows++;
        Assert.That(rows, Is.EqualTo(1));
        Assert.That(cursor.IsColumnActive(filtered.Schema["Weight"]), Is.False);
    }

    [Test]
    public void SplitFollowsTheSeedAndTheFraction()
    {
        var data = Rows.Numbers(_ml, 4000);
        var split = _ml.Data.TrainTestSplit(data, 0.25, seed: 3);
        var (train, test) = (split.TrainSet.Indices(), split.TestSet.Indices());
        Assert.That(train.Concat(test), Is.EquivalentTo(Enumerable.Range(0, 4000)));
        Assert.That(test.Length, Is.EqualTo(1000).Within(5 * Math.Sqrt(4000 * 0.25 * 0.75)));
        Assert.That(_ml.Data.TrainTestSplit(data, 0.25, seed: 3).TestSet.Indices(), Is.EqualTo(test));
        Assert.That(_ml.Data.TrainTestSplit(data, 0.25, seed: 4).TestSet.Indices(), Is.Not.EqualTo(test));
    }

    [Test]
    public void ContextSeedMakesSplitsRepeat()
    {
        int[] Test() => new MLContext(7) is var ml ? ml.Data.TrainTestSplit(Rows.Numbers(ml, 200)).TestSet.Indices() : [];
        Assert.That(Test(), Is.EqualTo(Test()));
    }

    [Test]
    public void SamplingKeyKeepsGroupsTogether()
    {
        var split = _ml.Data.TrainTestSplit(Rows.Numbers(_ml, 1000), 0.3, samplingKeyColumnName: "Group", seed: 2);
        var test = split.TestSet.Texts("Group").ToHashSet();
        Assert.That(test, Is.Not.Empty);
        Assert.That(split.TrainSet.Texts("Group").Any(test.Contains), Is.False);
    }

    [Test]
    public void FoldsPartitionTheRows()
    {
        var folds = _ml.Data.CrossValidationSplit(Rows.Numbers(_ml, 500), 4, seed: 1);
        Assert.That(folds.SelectMany(f => f.TestSet.Indices()), Is.EquivalentTo(Enumerable.Range(0, 500)));
        foreach (var fold in folds)
            Assert.That(fold.TrainSet.Indices().Concat(fold.TestSet.Indices()), Is.EquivalentTo(Enumerable.Range(0, 500)));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(-0.5)]
    public void ImpossibleFractionsAreRefused(double fraction) =>
        Assert.That(() => _ml.Data.TrainTestSplit(Rows.Numbers(_ml, 10), fraction), Throws.InstanceOf<ArgumentException>());

    private sealed class Doubled
    {
        public int Twice { get; set; }
    }

    [Test]
    public void CacheComputesOnce()
    {
        int calls = 0;
        var counted = _ml.Transforms.CustomMapping<Rows.Indexed, Doubled>((s, d) => { calls++; d.Twice = 2 * s.Index; }, null);
        var data = Rows.Numbers(_ml, 20);
        var cached = _ml.Data.Cache(counted.Fit(data).Transform(data));
        for (int pass = 0; pass < 3; pass++)
            Assert.That(cached.GetColumn<int>("Twice"), Is.EqualTo(Enumerable.Range(0, 20).Select(i => 2 * i)));
        Assert.That(calls, Is.EqualTo(20));
        Assert.That(cached.GetRowCount(), Is.EqualTo(20));
        Assert.That(cached.CanShuffle);
    }
}
