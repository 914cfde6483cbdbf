using System.Diagnostics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

/// <summary>A training set of 60,000 encoded pictures must pass through the tables in well under a second.</summary>
public class OverheadTests
{
    private sealed class Picture
    {
        public byte[] Image { get; set; } = [];
        public string Label { get; set; } = "";
    }

    [Test]
    public void SixtyThousandRowsOfBytes()
    {
        var ml = new MLContext(1);
        var bytes = new byte[1000];
        var rows = Enumerable.Range(0, 60_000).Select(i => new Picture { Image = bytes, Label = $"class {i % 10}" }).ToList();
        var data = ml.Data.LoadFromEnumerable(rows);
        Read(ml, ml.Data.TakeRows(data, 100)); // compiled
        // Processor time: what other processes do on the machine does not count.
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        Assert.That(Read(ml, data), Is.EqualTo(60_000_000L + 60_000 / 10 * 55));
        process.Refresh();
        var spent = process.TotalProcessorTime - before;
        TestContext.Out.WriteLine($"{spent.TotalMilliseconds:F0} ms");
        Assert.That(spent, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    /// <summary>The sum of all lengths and keys.</summary>
    private static long Read(MLContext ml, IDataView data)
    {
        var keyed = ml.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(data).Transform(data);
        using var cursor = keyed.GetRowCursor([keyed.Schema["Image"], keyed.Schema["Key"]]);
        var image = cursor.GetGetter<VBuffer<byte>>(keyed.Schema["Image"]);
        var key = cursor.GetGetter<uint>(keyed.Schema["Key"]);
        VBuffer<byte> bytes = default;
        uint label = 0;
        long sum = 0;
        while (cursor.MoveNext())
        {
            image(ref bytes);
            key(ref label);
            sum += bytes.Length + label;
        }
        return sum;
    }
}
