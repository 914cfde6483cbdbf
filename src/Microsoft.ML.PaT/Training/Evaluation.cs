using System.Diagnostics;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Results;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>Measures the accuracy and the latency of a network.</summary>
internal static class Evaluation
{
    private const int BatchSize = 256, LatencyWarmUp = 10, LatencyRuns = 50, LatencyLeastRuns = 5;
    private static readonly TimeSpan s_latencyTime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Returns the fraction of correctly classified images. All images have the same weight, also those of a smaller
    /// last batch.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="images">The images.</param>
    /// <param name="augmentation">Normalizes the images.</param>
    /// <param name="ranks">Each rank classifies its slice, and the counts are all-reduced; null for this process
    /// only.</param>
    public static double Accuracy(
        TrainableNetwork network, ImageDataset images, BatchAugmentation augmentation, Communicator? ranks = null)
    {
        ranks ??= SingleProcess.Instance;
        var (from, to) = (ranks.Rank * (long)images.Count / ranks.Size, (ranks.Rank + 1L) * images.Count / ranks.Size);
        return (double)ranks.AllReduce(Correct(network, images, augmentation, (int)from, (int)to), Reduction.Sum)
            / images.Count;
    }

    private static long Correct(
        TrainableNetwork network, ImageDataset images, BatchAugmentation augmentation, int from, int to)
    {
        network.Module.eval();
        using var inference = inference_mode();
        long correct = 0;
        for (var start = from; start < to; start += BatchSize)
        {
            ExitGate.Pass();
            using var scope = NewDisposeScope();
            var count = Math.Min(BatchSize, to - start);
            var input = augmentation.Normalize(images.Read(start, count).to(network.Device));
            var labels = images.Labels.narrow(0, start, count).to(network.Device);
            correct += network.Module.call(input).argmax(1).eq(labels).sum().item<long>();
        }
        return correct;
    }

    /// <param name="network">The network.</param>
    /// <param name="images">The images.</param>
    /// <param name="augmentation">Normalizes the images.</param>
    /// <param name="set">Name of the images in the report.</param>
    public static ClassificationReport Classify(
        TrainableNetwork network, ImageDataset images, BatchAugmentation augmentation, string set)
    {
        network.Module.eval();
        using var inference = inference_mode();
        var tally = new ConfusionMatrixBuilder(set, images.Classes, images.Shape);
        var labels = images.Labels.data<long>().ToArray();
        for (var start = 0; start < images.Count; start += BatchSize)
        {
            ExitGate.Pass();
            using var scope = NewDisposeScope();
            var rows = images.Read(start, Math.Min(BatchSize, images.Count - start));
            var probabilities = network.Module.call(augmentation.Normalize(rows.to(network.Device)))
                .softmax(1)
                .cpu()
                .contiguous()
                .data<float>()
                .ToArray();
            for (var (i, classes) = (0, images.Classes.Count); i < rows.shape[0]; i++)
            {
                tally.Add((int)labels[start + i], probabilities.AsSpan(i * classes, classes), name: null, () =>
                    rows.narrow(0, i, 1).contiguous().bytes.ToArray());
            }
        }
        return tally.Report();
    }

    /// <summary>
    /// Median milliseconds per batch, [batch,C,H,W], after a warm-up; slow networks are measured fewer times. Uses the
    /// memory format of scoring.
    /// </summary>
    public static double LatencyMs(TrainableNetwork network, int batch)
    {
        if (network.ChannelsLast != TrainableNetwork.PrefersChannelsLast(network.Definition, network.Device))
        {
            using var scored = network.Copy();
            return LatencyMs(scored, batch);
        }
        network.Module.eval();
        using var inference = inference_mode();
        using var outer = NewDisposeScope();
        var shape = network.Definition.Input;
        var image =
            zeros(batch, shape.Channels, shape.Height, shape.Width, dtype: ScalarType.Float32, device: network.Device);
        var (clock, times) = (Stopwatch.StartNew(), new List<double>(LatencyRuns));
        for (var warmUp = 0; warmUp < LatencyWarmUp && (warmUp == 0 || clock.Elapsed < s_latencyTime); warmUp++) Once();
        clock.Restart();
        while (times.Count < LatencyLeastRuns || (times.Count < LatencyRuns && clock.Elapsed < s_latencyTime))
            times.Add(Once());
        times.Sort();
        return times[times.Count / 2];

        double Once()
        {
            using var scope = NewDisposeScope();
            var start = Stopwatch.GetTimestamp();
            network.Module.call(image).cpu();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }
}
