using System.Diagnostics;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>Removal of half of the channels, as a run does it.</summary>
internal static class WholePruning
{
    public static void Measure(string name, int n)
    {
        var definition = Networks.ByName(name).Build(new(3, 224, 224), 1000);
        using var generator = new torch.Generator(1);
        using var network = TrainableNetwork.Initialize(definition, generator, torch.CPU);
        var weights = NetworkCost.Of(definition).Parameters;
        var runs = new List<double[]>();
        var memory = 0.0;
        for (var run = -1; run < n; run++)
        {
            var before = PeakMemory.Begin();
            var seconds = Cut(network);
            // The first round compiles, so its seconds do not count. Its memory does: later rounds reuse what the
            // allocator keeps.
            if (run < 0) memory = PeakMemory.Since(before) / (4.0 * weights);
            else runs.Add(seconds);
        }
        var whole = runs.Select(r => r.Sum()).ToList();
        var parts = string.Join(
            ',',
            Enumerable.Range(0, runs[0].Length)
                .Select(p => FormattableString.Invariant($"{Median(runs.Select(r => r[p])):F4}")));
        Console.WriteLine(
            FormattableString.Invariant($"{name},{weights},{Median(whole):F3},{whole.Max():F3},{parts},{memory:F2}"));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double[] Cut(TrainableNetwork network)
    {
        var clock = Stopwatch.StartNew();
        var groups = ChannelGroups.Of(network.Definition);
        var analyzed = clock.Elapsed.TotalSeconds;
        using var scope = torch.NewDisposeScope();
        using var scorer = new ChannelScorer(
            new() { Criterion = Importance.Magnitude }, network, images: null, seed: 0, planner: null);
        var scores = scorer.Score(observations: 1);
        var ranked = clock.Elapsed.TotalSeconds;
        var plan = ChannelRanking.Keep(groups, scores, groups.Neurons / 2.0, 8);
        var planned = clock.Elapsed.TotalSeconds;
        using var compact = network.Prune(new(groups, plan));
        return [analyzed, ranked - analyzed, planned - ranked, clock.Elapsed.TotalSeconds - planned];
    }
}
