using System.Globalization;
using Microsoft.ML.PaT;
using Microsoft.ML.PaT.Benchmark;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Training;
using TorchSharp;

// usage, after the arguments NETWORK SIZE BATCH THREADS:
// throughput [WINDOWS [STEPS]]             median images/s of the windows
// after-cut RATIO FILE [WINDOWS [STEPS]]   images/s before and after pruning; the compact network goes to FILE
// training-time RATIO [TURNS [STEPS]]      the fraction of the time of a step that is left after removing RATIO of it:
//                                          predicted; measured, the median, least and greatest of the turns
// steps                                    least ms of 14 forward and backward passes, channels-last, for any batch
// kernels [ROUNDS [STEPS]]                 ms per step with plain and with fused norms; a line per round
// widths [SEED [ROUNDS]]                   a line for the dense network and for each width step (WidthTimes)
// formats                                  median ms of scoring a batch: dense channels-first, dense channels-last,
//                                          compact channels-first, compact channels-last
// ranks [ROUNDS [STEPS]]                   under mpirun: images/s of one process of THREADS threads, of THREADS
//                                          processes, and of these with synchronized norms; a line per round
// definition NETWORK SIZE FILE             the network as JSON, for --network FILE
// PRECISION=Bfloat16 and KERNELS=Plain in the environment change the computation.
// NETWORK: a name of the library, resnet20-half, resnet18-cifar-stem, or a file with a definition.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args[0] == "norms")
{
    foreach (var channels in args[3].Split(',').Select(int.Parse))
        Console.WriteLine($"{channels,4}: {NormTimes.Of(channels, long.Parse(args[1]), int.Parse(args[2]))}");
    return;
}
var definition = BenchmarkNetworks.Find(args[1], int.Parse(args[2]));
if (args[0] == "definition")
{
    File.WriteAllText(args[3], definition.ToJson());
    return;
}
AllocatorTuning.Apply();
torch.set_num_threads(int.Parse(args[4]));
if (args[0] == "steps")
{
    using var probe = new TrainingProbe(
        definition, torch.CPU, int.Parse(args[3]), channelsLast: true, Precision.Float32, fusedNorms: false);
    Console.WriteLine($"{TrainingProbe.MeasureInterleaved([probe], rounds: 14, TimeSpan.FromMinutes(1))[0]:F2}");
    return;
}
var rest = args[(args[0] switch { "after-cut" => 7, "training-time" => 6, _ => 5 })..];
var precision = Enum.Parse<Precision>(Environment.GetEnvironmentVariable("PRECISION") ?? nameof(Precision.Float32));
if (args[0] == "widths")
{
    WidthTimes.Print(
        definition,
        int.Parse(args[3]),
        int.Parse(args[4]),
        rest.Length > 0 ? int.Parse(rest[0]) : 1,
        rest.Length > 1 ? int.Parse(rest[1]) : 10);
    return;
}
if (args[0] == "formats")
{
    ScoringFormats.Print(definition, int.Parse(args[3]));
    return;
}
if (args[0] == "ranks")
{
    RankTimes.Print(
        definition,
        int.Parse(args[3]),
        rest.Length > 0 ? int.Parse(rest[0]) : 5,
        rest.Length > 1 ? int.Parse(rest[1]) : 10);
    return;
}
if (args[0] == "kernels")
{
    var (rounds, few) = (rest.Length > 0 ? int.Parse(rest[0]) : 5, rest.Length > 1 ? int.Parse(rest[1]) : 8);
    using var plain = new TimedTraining(definition, int.Parse(args[3]), 1, few, precision, fusedNorms: false);
    using var fused = new TimedTraining(definition, int.Parse(args[3]), 1, few, precision, fusedNorms: true);
    for (var round = 0; round < rounds; round++)
        Console.WriteLine($"{plain.Milliseconds(few):F1},{fused.Milliseconds(few):F1}");
    return;
}
if (args[0] == "training-time")
{
    var (turns, stepsOfTurn) = (rest.Length > 0 ? int.Parse(rest[0]) : 5, rest.Length > 1 ? int.Parse(rest[1]) : 8);
    using var dense = new TimedTraining(definition, int.Parse(args[3]), 1, stepsOfTurn, precision);
    using var compact = new TimedTraining(definition, int.Parse(args[3]), 1, stepsOfTurn, precision);
    var left = compact.Prune(PruningTarget.TrainingTime(double.Parse(args[5])));
    var ratios = new List<double>();
    for (var turn = 0; turn < turns; turn++)
    {
        var whole = dense.Milliseconds(stepsOfTurn);
        ratios.Add(compact.Milliseconds(stepsOfTurn) / whole);
    }
    ratios.Sort();
    Console.WriteLine($"{left:F3},{ratios[turns / 2]:F3},{ratios[0]:F3},{ratios[^1]:F3}");
    return;
}
using var training = new TimedTraining(
    definition,
    batch: int.Parse(args[3]),
    windows: rest.Length > 0 ? int.Parse(rest[0]) : 5,
    steps: rest.Length > 1 ? int.Parse(rest[1]) : 20,
    precision,
    fusedNorms: Environment.GetEnvironmentVariable("KERNELS") != "Plain");
var before = training.ImagesPerSecond();
if (args[0] == "throughput")
{
    Console.WriteLine($"{before:F1}");
    return;
}
training.Prune(PruningTarget.Channels(double.Parse(args[5])));
File.WriteAllText(args[6], training.Definition.ToJson());
Console.WriteLine($"{before:F1},{training.ImagesPerSecond():F1}");
