using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>
/// What a width step costs. Every group of a network keeps a fraction of its channels, drawn once from 0.3 to 0.7 and
/// rounded to multiples of the step; all compact networks and the dense one are timed in turns.
/// </summary>
internal static class WidthTimes
{
    private static readonly int[] s_steps = [1, 2, 4, 8, 16];

    /// <summary>Prints a line for the dense network and one for each step.</summary>
    public static void Print(NetworkDefinition dense, int batch, int threads, int seed, int rounds)
    {
        var groups = ChannelGroups.Of(dense);
        var random = new Random(seed);
        var fractions = groups.Groups.ToDictionary(g => g.Name, _ => 0.3 + 0.4 * random.NextDouble());
        NetworkDefinition[] all = [dense, .. s_steps.Select(step => Compact(groups, fractions, step))];
        var training = Train(all, batch, rounds);
        var scoring = Score(all, rounds);
        var runtime = OnnxRuntime(all, threads, rounds);
        for (var i = 0; i < all.Length; i++)
        {
            var cost = NetworkCost.Of(all[i]);
            Console.WriteLine(
                string.Join(
                    ',',
                    dense.Name,
                    seed,
                    i == 0 ? "dense" : $"{s_steps[i - 1]}",
                    cost.Parameters,
                    cost.Macs,
                    $"{training[i]:F2}",
                    $"{scoring[i]:F3}",
                    $"{runtime[i]:F3}"));
        }
    }

    private static NetworkDefinition Compact(ChannelGroups groups, Dictionary<string, double> fractions, int step)
    {
        var kept = groups.Groups.ToDictionary(
            g => g.Name,
            g =>
            {
                var chunk = g.Step(step);
                var width = Math.Clamp(
                    (int)Math.Round(g.Width * fractions[g.Name] / chunk) * chunk, Math.Min(chunk, g.Width), g.Width);
                return Enumerable.Range(0, width).ToArray();
            });
        return new ChannelPruner(groups, new(kept)).Definition;
    }

    /// <summary>Least milliseconds of a forward and a backward pass, the memory format by the library's rule.</summary>
    private static double[] Train(NetworkDefinition[] networks, int batch, int rounds)
    {
        TrainingProbe[] probes =
        [
            .. networks.Select(n => new TrainingProbe(
                n,
                torch.CPU,
                batch,
                TrainableNetwork.TrainsChannelsLast(n, torch.CPU, fusedNorms: true),
                Precision.Float32,
                fusedNorms: true)),
        ];
        var times = TrainingProbe.MeasureInterleaved(probes, rounds, TimeSpan.FromHours(1));
        foreach (var probe in probes) probe.Dispose();
        return times;
    }

    /// <summary>Least milliseconds for one image with batch-norms folded, here.</summary>
    private static double[] Score(NetworkDefinition[] networks, int rounds)
    {
        ImageClassifier[] classifiers = [.. networks.Select(Classifier)];
        var shape = networks[0].Input;
        var pixels = new byte[shape.Channels * shape.Height * shape.Width];
        var scores = new float[networks[0].Classes];
        var times = Least(classifiers.Length, rounds * 10, i => classifiers[i].Score(pixels, scores));
        foreach (var classifier in classifiers) classifier.Dispose();
        return times;
    }

    /// <summary>Least milliseconds for one image in ONNX Runtime.</summary>
    private static double[] OnnxRuntime(NetworkDefinition[] networks, int threads, int rounds)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        var file = Path.GetTempFileName();
        InferenceSession[] sessions = [.. networks.Select(n =>
        {
            using var classifier = Classifier(n);
            classifier.SaveOnnx(file, new() { Input = OnnxInput.Bytes });
            return new InferenceSession(file, options);
        })];
        File.Delete(file);
        var shape = networks[0].Input;
        NamedOnnxValue[] input =
        [
            NamedOnnxValue.CreateFromTensor(
                sessions[0].InputNames[0],
                new DenseTensor<byte>([1, shape.Channels, shape.Height, shape.Width])),
        ];
        var times = Least(sessions.Length, rounds * 10, i => sessions[i].Run(input).Dispose());
        foreach (var session in sessions) session.Dispose();
        return times;
    }

    private static ImageClassifier Classifier(NetworkDefinition network)
    {
        using var generator = new torch.Generator(1);
        using var trained =
            TrainableNetwork.Initialize(network, generator, torch.CPU, channelsLast: null, fusedNorms: true);
        var weights = trained.Tensors.ToDictionary(t => t.Key, t => t.Value.detach().clone());
        return new(
            network,
            weights,
            new([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f]),
            [.. Enumerable.Range(0, network.Classes).Select(c => $"{c}")]);
    }

    private static double[] Least(int count, int rounds, Action<int> run)
    {
        var least = Enumerable.Repeat(double.PositiveInfinity, count).ToArray();
        for (var i = 0; i < count; i++) run(i);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < count; i++)
            {
                var start = Stopwatch.GetTimestamp();
                run(i);
                least[i] = Math.Min(least[i], Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        return least;
    }
}
