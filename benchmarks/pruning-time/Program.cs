using Microsoft.ML.PaT;
using Microsoft.ML.PaT.Benchmark;
using Microsoft.ML.PaT.Internal;
using TorchSharp;

// usage: N THREADS
string[] networks = ["resnet50", "resnet152", "densenet121", "mobilenet_v2", "vgg16_bn", "efficientnet_b0"];
var (n, threads) = (int.Parse(args[0]), int.Parse(args[1]));
AllocatorTuning.Apply();
torch.set_num_threads(threads);

Console.WriteLine(
    $"n = {n}, {threads} threads; seconds are medians of the whole, then of its parts; memory is the most that pruning "
        + "adds, in copies of the weights");
Console.WriteLine("network,parameters,whole,slowest,analyze,rank,plan,rebuild,extra memory");
foreach (var name in networks) WholePruning.Measure(name, n);

Console.WriteLine();
Console.WriteLine("network,milliseconds to find its groups");
var analyses = Networks.Names.Select(name => (name, ms: GroupAnalysis.Milliseconds(name, n)));
foreach (var (name, ms) in analyses.OrderByDescending(r => r.ms))
    Console.WriteLine(FormattableString.Invariant($"{name},{ms:F1}"));
