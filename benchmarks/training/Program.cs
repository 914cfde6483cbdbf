using System.Globalization;
using Microsoft.ML.PaT;
using Microsoft.ML.PaT.Benchmark;
using TorchSharp;

// usage: throughput NETWORK SIZE BATCH THREADS [WINDOWS [STEPS]]          median images/s of the windows
//        after-cut  NETWORK SIZE BATCH THREADS SHARE FILE [WINDOWS [STEPS]]   images/s before and after a cut, by comma; the compact network goes to FILE
//        definition NETWORK SIZE FILE                                     the network as JSON, for --network FILE
// PRECISION=Bfloat16 in the environment computes in that.
// NETWORK: a name of the library, resnet18-cifar-stem, or a file with a definition.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var definition = BenchmarkNetworks.Find(args[1], int.Parse(args[2]));
if (args[0] == "definition")
{
    File.WriteAllText(args[3], definition.ToJson());
    return;
}
AllocatorTuning.Apply();
torch.set_num_threads(int.Parse(args[4]));
var rest = args[(args[0] == "after-cut" ? 7 : 5)..];
using var training = new TimedTraining(definition, batch: int.Parse(args[3]), windows: rest.Length > 0 ? int.Parse(rest[0]) : 5, steps: rest.Length > 1 ? int.Parse(rest[1]) : 20,
    Enum.Parse<Precision>(Environment.GetEnvironmentVariable("PRECISION") ?? nameof(Precision.Float32)));
var before = training.ImagesPerSecond();
if (args[0] == "throughput")
{
    Console.WriteLine($"{before:F1}");
    return;
}
training.Cut(double.Parse(args[5]));
File.WriteAllText(args[6], training.Definition.ToJson());
Console.WriteLine($"{before:F1},{training.ImagesPerSecond():F1}");
