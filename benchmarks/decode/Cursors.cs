using System.Diagnostics;
using Microsoft.ML.Data;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>
/// Seconds to read a training set of JPEG files through LoadRawImageBytes: by ML.NET's read-ahead cursor, and row by
/// row.
/// </summary>
internal static class Cursors
{
    public static void Measure(string archive, int rounds)
    {
        Console.WriteLine("JPEG files | s, read ahead | s, row by row | ratio");
        Measure(10_000, 32, [.. Photographs.Cifar(archive, "train", 1000).Select(p => p.File)], rounds);
        Measure(2_000, 224, [.. Enumerable.Range(0, 200).Select(i => Photographs.Synthetic(224, 224, i))], rounds);
    }

    private static void Measure(int count, int side, byte[][] files, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("pat-decode").FullName;
        try
        {
            for (var i = 0; i < count; i++) File.WriteAllBytes(Path.Combine(folder, $"{i}.jpg"),
                files[i % files.Length]);
            var ml = new MLContext();
            var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, count)
                .Select(i => new Row { Path = $"{i}.jpg", Label = i % 2 == 0 ? "even" : "odd" }));
            var data = ml.Transforms.LoadRawImageBytes("Image", folder, "Path")
                .Append(ml.Transforms.Conversion.MapValueToKey("Label")).Fit(rows).Transform(rows);
            Sample.Compare($"{count:N0} of {side}x{side}, files alone", rounds, () =>
                Files(data.GetRowCursor([data.Schema["Image"]])), () =>
                Files(data.GetRowCursorSet([data.Schema["Image"]], 1)[0]));
            var ahead = new ReadAhead(data);
            Sample.Compare($"{count:N0} of {side}x{side}, training set", rounds, () =>
                TrainingSet(ahead, count, side), () => TrainingSet(data, count, side));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Files(DataViewRowCursor cursor)
    {
        using var _ = cursor;
        var getter = cursor.GetGetter<VBuffer<byte>>(cursor.Schema["Image"]);
        VBuffer<byte> bytes = default;
        var clock = Stopwatch.StartNew();
        while (cursor.MoveNext()) getter(ref bytes);
        return clock.Elapsed.TotalSeconds;
    }

    private static double TrainingSet(IDataView data, int count, int side)
    {
        var options = new PruningAwareTrainingOptions
        {
            Images = new() { Height = side, Width = side }, MemoryBudget = long.MaxValue,
        };
        var (fitting, labels) = ImageSchema.Expect(options.Network, options.ImageData, data);
        var clock = Stopwatch.StartNew();
        using var store = new DataViewImageLoader(options.ImageData, fitting.Shape, labels, IRunObserver.Of(_ => { }))
            .Read(data, "training");
        return store.Count == count ? clock.Elapsed.TotalSeconds
            : throw new InvalidDataException($"{store.Count} images were read");
    }

    /// <summary>The same data, always read by the cursor of ML.NET that reads ahead.</summary>
    private sealed class ReadAhead(IDataView data) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => data.Schema;

        public long? GetRowCount() => data.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            data.GetRowCursor(columnsNeeded, rand);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n,
            Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
