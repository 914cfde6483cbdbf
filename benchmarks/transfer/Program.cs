using Microsoft.ML.PaT.Benchmark;

// Transfer.Benchmark DIR PART IMAGES CELL...
//   DIR     has train/CLASS/ and test/CLASS/ images
//   PART    test, or validation to choose options by: the last 100 training images of each class
//   IMAGES  number of training images of each class
//   CELL    baseline:SEED, enlarged:SEED, head:SIZE:SEED or tuned:SIZE:SEED[:PATH=VALUE;...] (fields of the recipe)
// Prints a line of CSV for each cell. One thread, so that sides compare: taskset -c 0.
var photographs = new Photographs(args[0], args[1] == "validation", int.Parse(args[2]));
foreach (var text in args[3..])
{
    var parts = text.Split(':', 4);
    string[] settings = parts.Length < 4 ? [] : parts[3].Split(';');
    var cell = parts[0] switch
    {
        "baseline" => Baseline.OfFiles(photographs, int.Parse(parts[1])),
        "enlarged" => Baseline.OfEnlarged(photographs, int.Parse(parts[1])),
        "head" => Ours.Head(photographs, int.Parse(parts[1]), int.Parse(parts[2])),
        "tuned" => Ours.Tuned(photographs, int.Parse(parts[1]), int.Parse(parts[2]), settings),
        _ => throw new ArgumentException($"'{text}' is not a cell"),
    };
    Console.WriteLine(cell.ToCsv(args[1], photographs.Training.Count));
}
