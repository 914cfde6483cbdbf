using Microsoft.ML.PaT.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// Images for criteria that run their own passes: always those of the same few batches, without augmentation. A pass
/// holds no more images than training does: a micro-batch of one rank.
/// </summary>
internal sealed class ProbeBatches(
    ImageDataset images,
    TrainingOptions training,
    int seed,
    ImageOptions imageOptions,
    Normalization normalization,
    int ranks = 1)
{
    private const int MaxBatches = 10;

    /// <summary>Seed offset that separates the choice of images from the initial weights.</summary>
    private const ulong Stream = 0x70726f6265;

    /// <param name="device">Device of the batches.</param>
    /// <param name="channelsLast">Whether the batches are channels-last.</param>
    /// <param name="use">Receives normalized images [N,C,H,W] and labels [N], in a dispose scope.</param>
    /// <param name="least">Least number of images, if there are as many; null for ten batches of training.</param>
    /// <returns>The number of calls.</returns>
    public int ForEach(Device device, bool channelsLast, Action<Tensor, Tensor> use, int? least = null)
    {
        using var outer = NewDisposeScope();
        using var generator = new Generator((ulong)seed ^ Stream);
        using var augmentation = new BatchAugmentation(images.Shape, imageOptions, normalization, device, channelsLast);
        var size = Math.Min(training.BatchSize, images.Count);
        var order = randperm(images.Count, dtype: ScalarType.Int64, generator: generator);
        var most = least is { } wanted ? (wanted + size - 1) / size : MaxBatches;
        var batches = Math.Min(most, images.Count / size);
        var parts = batches * Math.Min(training.GradientAccumulationSteps * ranks, size);
        for (var part = 0; part < parts; part++)
        {
            using var scope = NewDisposeScope();
            var rows = order.narrow(0, Start(part), Start(part + 1) - Start(part));
            var input = augmentation.Normalize(images.Read(rows).to(device));
            use(input, images.Labels.index_select(0, rows).to(device));
        }
        return parts;

        long Start(int part) => (long)batches * size * part / parts;
    }
}
