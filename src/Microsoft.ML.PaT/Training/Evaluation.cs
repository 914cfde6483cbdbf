using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Reporting;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>Measures the accuracy of a network.</summary>
internal static class Evaluation
{
    private const int BatchSize = 256;

    /// <summary>
    /// Returns the fraction of correctly classified images. All images have the same weight, also those of a smaller
    /// last batch.
    /// </summary>
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
}
