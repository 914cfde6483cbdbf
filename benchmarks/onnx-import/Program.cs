using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.PaT;
using Microsoft.ML.PaT.Benchmark;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using TorchSharp;

// usage: OnnxImport.Benchmark [--rounding] FILE...
// Prints one line of CSV for each file: layers, seconds and memory of the import (in file sizes), then the largest
// differences to ONNX Runtime divided by max(1, largest output). Files named *.dynamic.onnx have an open batch size and
// get two images, others one. With --rounding: differences to double precision, of the network, of ONNX Runtime, and of
// ONNX Runtime without optimizations.
using var warmUp = torch.zeros(1);
var (failed, rounding) = (0, args is ["--rounding", ..]);
foreach (var path in args.Skip(rounding ? 1 : 0))
{
    var name = Path.GetFileNameWithoutExtension(path);
    try
    {
        var held = PeakMemory.Begin();
        var clock = Stopwatch.StartNew();
        using var network = OnnxImporter.Import(path);
        var seconds = clock.Elapsed.TotalSeconds;
        var memory = (double)PeakMemory.Since(held) / new FileInfo(path).Length;
        var check = new ImportCheck(path, network, name.EndsWith(".dynamic", StringComparison.Ordinal) ? 2 : 1);
        if (rounding)
        {
            Console.WriteLine($"{name},{check.Rounding()}");
            continue;
        }
        var row = check.Run();
        var layers = network.Definition.Layers.Count;
        Console.WriteLine(FormattableString.Invariant($"{name},{layers},{seconds:0.00},{memory:0.00},{row}"));
    }
    catch (Exception e) when (e is PaTException or OnnxRuntimeException)
    {
        failed++;
        Console.WriteLine($"{name},,,\"{e.Message.Split('\n')[0].Replace('"', '\'')}\"");
    }
}
return failed == 0 ? 0 : 1;
