using System.Text.Json;
using Microsoft.ML.PaT.Benchmark;

// Transfer.Benchmark DIR THREADS CELL...
// DIR has train/CLASS/ and test/CLASS/ images. Prints a line of JSON for each cell.
var (photographs, threads) = (new Photographs(args[0]), int.Parse(args[1]));
var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
foreach (var text in args[2..])
{
    var parts = text.Split(':');
    var cell = parts[0] switch
    {
        "baseline" => Baseline.Measure(photographs),
        "head" => Ours.Head(photographs, int.Parse(parts[1]), threads),
        "tuned" => Ours.Tuned(photographs, int.Parse(parts[1]), int.Parse(parts[2]), threads),
        _ => throw new ArgumentException($"'{text}' is no cell"),
    };
    Console.WriteLine(JsonSerializer.Serialize(cell, json));
}
