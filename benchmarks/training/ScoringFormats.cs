using System.Diagnostics;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>Scoring in channels-first and in channels-last format, batch-norms folded, in turns.</summary>
internal static class ScoringFormats
{
    private const int Rounds = 60, WarmUp = 10;

    /// <summary>Prints the median milliseconds of a batch in either format, dense and compact.</summary>
    /// <param name="dense">The network. The compact one keeps the first half of each group, in multiples of the
    /// default width step, and one step less: widths are no multiples of 8 where the step is less than 8.</param>
    /// <param name="batch">Images per batch.</param>
    public static void Print(NetworkDefinition dense, int batch)
    {
        using var inference = torch.inference_mode();
        using var outer = torch.NewDisposeScope();
        var groups = ChannelGroups.Of(dense);
        var step = WidthStep.DefaultFor(groups);
        var kept = groups.Groups.ToDictionary(
            g => g.Name, g => Enumerable.Range(0, Math.Max(1, g.Width / 2 / step * step - step)).ToArray());
        NetworkDefinition[] networks = [dense, new ChannelPruner(groups, new(kept)).Definition];
        var sides = networks.SelectMany(n => new[] { Side(n, batch, last: false), Side(n, batch, last: true) })
            .ToArray();
        var times = Array.ConvertAll(sides, _ => new List<double>());
        for (var round = -WarmUp; round < Rounds; round++)
        {
            for (var i = 0; i < sides.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                sides[i]();
                if (round >= 0) times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        var medians = times.Select(t => t.Order().ElementAt(Rounds / 2)).ToArray();
        Console.WriteLine(string.Join(',', medians.Select(m => $"{m:F3}")));
    }

    private static Action Side(NetworkDefinition network, int batch, bool last)
    {
        using var generator = new torch.Generator(1);
        using var trained = TrainableNetwork.Initialize(network, generator, torch.CPU);
        var (folded, weights) = BatchNormFolding.Fold(network, trained.Tensors);
        var module = new NetworkModule(folded, weights.ToDictionary(w => w.Key, w => Ordered(w.Value)));
        module.eval();
        var images = Ordered(torch.zeros(batch, network.Input.Channels, network.Input.Height, network.Input.Width));
        return () =>
        {
            using var scope = torch.NewDisposeScope();
            module.forward(images);
        };

        torch.Tensor Ordered(torch.Tensor tensor) => last && tensor.dim() == 4
            ? tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)
            : tensor.contiguous();
    }
}
