using System.Diagnostics;
using Microsoft.ML.PaT;
using Microsoft.ML.PaT.Benchmark;
using Microsoft.ML.PaT.Modeling.OnnxImport;

// usage: OnnxImport.Benchmark FILE... : one line of CSV for each file, with the largest differences to ONNX Runtime
// divided by max(1, largest output).
var failed = 0;
foreach (var path in args)
{
    var name = Path.GetFileNameWithoutExtension(path);
    try
    {
        var clock = Stopwatch.StartNew();
        using var network = OnnxImporter.Import(path);
        var seconds = clock.Elapsed.TotalSeconds;
        var row = new ImportCheck(path, network).Run();
        Console.WriteLine(
            FormattableString.Invariant($"{name},{network.Definition.Layers.Count},{seconds:0.00},{row}"));
    }
    catch (Exception e) when (e is PaTException or Microsoft.ML.OnnxRuntime.OnnxRuntimeException)
    {
        failed++;
        Console.WriteLine($"{name},,,\"{e.Message.Split('\n')[0].Replace('"', '\'')}\"");
    }
}
return failed == 0 ? 0 : 1;
