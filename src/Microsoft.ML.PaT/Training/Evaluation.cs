using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>Measures a network without training it: accuracy on pictures, latency for one.</summary>
internal static class Evaluation
{
    private const int BatchSize = 256, LatencyWarmUp = 10, LatencyRuns = 50;

    /// <summary>The share of pictures classified correctly, over all of them: the last batch counts by its size.</summary>
    public static double Accuracy(TrainableNetwork network, PictureStore pictures, BatchAugmentation augmentation)
    {
        network.Module.eval();
        using var inference = inference_mode();
        long correct = 0;
        for (var start = 0; start < pictures.Count; start += BatchSize)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(BatchSize, pictures.Count - start);
            var input = augmentation.Normalize(pictures.Pixels.narrow(0, start, count).to(network.Device));
            var labels = pictures.Labels.narrow(0, start, count).to(network.Device);
            correct += network.Module.call(input).argmax(1).eq(labels).sum().item<long>();
        }
        return (double)correct / pictures.Count;
    }

    /// <summary>Median milliseconds for a batch, [batch,C,H,W], after a warm-up.</summary>
    public static double LatencyMs(TrainableNetwork network, int batch)
    {
        network.Module.eval();
        using var inference = inference_mode();
        using var outer = NewDisposeScope();
        var shape = network.Definition.Input;
        var picture = zeros(batch, shape.Channels, shape.Height, shape.Width, device: network.Device);
        var times = new double[LatencyRuns];
        for (var run = -LatencyWarmUp; run < LatencyRuns; run++)
        {
            using var scope = NewDisposeScope();
            var start = Stopwatch.GetTimestamp();
            network.Module.call(picture).cpu();
            if (run >= 0) times[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Array.Sort(times);
        return times[LatencyRuns / 2];
    }
}
