namespace Microsoft.ML.PaT.Tests.Contracts;

/// <summary>Effect of an exception in one row on the next rows, for each way to create a cursor.</summary>
public class CursorTests
{
    private const int Rows = 200, Bad = 100;
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>A mapping that throws in one row, over rows with cacheable columns.</summary>
    private IDataView Data()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(i => new Number { Value = i }));
        return _ml.Transforms.CustomMapping<Number, Doubled>(Map, contractName: null).Fit(data).Transform(data);
    }

    private int _mapped;

    [SetUp]
    public void Begin() => _mapped = 0;

    [Test]
    public void A_cursor_consolidates_ahead_of_the_caller_and_one_bad_row_ends_the_pass()
    {
        var data = Data();
        using var cursor = data.GetRowCursor([data.Schema["Twice"]]);
        var getter = cursor.GetGetter<int>(data.Schema["Twice"]);
        var read = 0;
        Assert.That(() =>
        {
            for (var value = 0; cursor.MoveNext(); read++) getter(ref value);
        }, Throws.InvalidOperationException.With.Message.Contains("Splitter/consolidator"));
        Assert.That(read, Is.LessThan(Rows - 1));
    }

    [Test]
    public void A_set_of_one_cursor_has_lazy_getters_and_an_exception_per_row()
    {
        var data = Data();
        using var cursor = data.GetRowCursorSet([data.Schema["Twice"]], n: 1).Single();
        var getter = cursor.GetGetter<int>(data.Schema["Twice"]);
        var read = new List<int>();
        var failed = 0;
        for (var value = 0; cursor.MoveNext();)
        {
            Assert.That(_mapped, Is.EqualTo(cursor.Position), "nothing is computed before it is asked for");
            try
            {
                getter(ref value);
                read.Add(value);
            }
            catch (Exception e) when (e.ToString().Contains("bad row", StringComparison.Ordinal))
            {
                failed++;
            }
        }
        Assert.That(failed, Is.EqualTo(1));
        Assert.That(read, Is.EqualTo(Enumerable.Range(0, Rows).Where(i => i != Bad).Select(i => 2 * i)),
            "in the order of the rows");
    }

    private void Map(Number from, Doubled to)
    {
        Interlocked.Increment(ref _mapped);
        if (from.Value == Bad) throw new FormatException("bad row");
        to.Twice = 2 * from.Value;
    }

    private sealed class Number
    {
        public int Value { get; set; }
    }

    private sealed class Doubled
    {
        public int Twice { get; set; }
    }
}
