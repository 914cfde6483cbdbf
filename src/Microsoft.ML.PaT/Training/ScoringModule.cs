using System.Diagnostics;
using Microsoft.ML.PaT.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// A network as it scores: batch-norms folded, in the memory format of the rule. Owns its tensors, not the given ones.
/// </summary>
internal sealed class ScoringModule : IDisposable
{
    private const int WarmUpRuns = 10, MostRuns = 50, LeastRuns = 5;
    private static readonly TimeSpan s_mostTime = TimeSpan.FromSeconds(1);
    private readonly NetworkModule _module;
    private readonly bool _channelsLast;

    public ScoringModule(NetworkDefinition definition, IReadOnlyDictionary<string, Tensor> weights, Device device)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        _channelsLast = IsChannelsLast(device);
        var (folded, tensors) = BatchNormFolding.Fold(definition, weights);
        _module = new(folded, tensors.ToDictionary(t => t.Key, t => Ordered(t.Value)));
        foreach (var tensor in tensors.Values) tensor.Dispose();
        _module.eval();
    }

    /// <summary>
    /// Rule for the memory format: on CPUs oneDNN scores batches faster in channels-last format, at any width
    /// (docs/results/widths.md).
    /// </summary>
    public static bool IsChannelsLast(Device device) => device.type == DeviceType.CPU;

    /// <summary>Logits, [N,classes], of images, [N,C,H,W], in the order of <see cref="Ordered"/>.</summary>
    public Tensor Score(Tensor images) => _module.forward(images);

    /// <summary>
    /// Images, and the weights of convolutions, in the memory order that is fast for this network; the shape stays.
    /// </summary>
    public Tensor Ordered(Tensor tensor) => _channelsLast && tensor.dim() == 4
        ? tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)
        : tensor.contiguous();

    /// <summary>Median milliseconds to score a batch, [batch,C,H,W].</summary>
    public static double LatencyMs(TrainableNetwork network, int batch) => LatencyMs([network], batch)[0];

    /// <summary>
    /// Median milliseconds of each network to score a batch, [batch,C,H,W], after a warm-up. The networks take turns,
    /// so that other programs slow all of them; slow networks are measured fewer times.
    /// </summary>
    public static double[] LatencyMs(IReadOnlyList<TrainableNetwork> networks, int batch)
    {
        using var inference = inference_mode();
        using var outer = NewDisposeScope();
        var sides = networks.Select(n => new ScoringModule(n.Definition, n.Tensors, n.Device)).ToArray();
        try
        {
            var images = sides.Zip(networks, (side, n) => side.Ordered(zeros(
                [batch, n.Definition.Input.Channels, n.Definition.Input.Height, n.Definition.Input.Width],
                dtype: ScalarType.Float32,
                device: n.Device))).ToArray();
            var mostTime = networks.Count * s_mostTime;
            var (clock, times) = (Stopwatch.StartNew(), new List<double[]>(MostRuns));
            for (var warmUp = 0; warmUp < WarmUpRuns && (warmUp == 0 || clock.Elapsed < mostTime); warmUp++) Round();
            clock.Restart();
            while (times.Count < LeastRuns || (times.Count < MostRuns && clock.Elapsed < mostTime)) times.Add(Round());
            return [.. sides.Select((_, i) => times.Select(round => round[i]).Order().ElementAt(times.Count / 2))];

            double[] Round() => [.. sides.Select((side, i) => Milliseconds(side, images[i]))];
        }
        finally
        {
            foreach (var side in sides) side.Dispose();
        }
    }

    private static double Milliseconds(ScoringModule side, Tensor images)
    {
        using var scope = NewDisposeScope();
        var start = Stopwatch.GetTimestamp();
        side.Score(images).cpu();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public void Dispose() => _module.Dispose();
}
