using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// Images on which criteria try a copy of the network at a moment of their own choosing: the same few batches each time, drawn by the seed
/// of the run, not varied. Probing so leaves no trace in the training: no random number, no running statistic, no gradient.
/// </summary>
internal sealed class ProbeBatches(ImageDataset images, TrainingOptions training, ImageOptions imageOptions, Normalization normalization)
{
    /// <summary>Batches at most.</summary>
    private const int Batches = 10;

    /// <summary>Keeps the choice apart from the initial weights, which come from the seed itself.</summary>
    private const ulong Stream = 0x70726f6265;

    /// <summary>Shows the images to a network in training mode, batch by batch.</summary>
    /// <param name="copy">A copy: its running statistics change.</param>
    /// <param name="use">Receives logits [N,classes] and labels [N]; what it makes is gone after it.</param>
    /// <returns>The number of batches.</returns>
    public int Show(TrainableNetwork copy, Action<Tensor, Tensor> use)
    {
        using var outer = NewDisposeScope();
        using var generator = new Generator((ulong)training.Seed ^ Stream);
        using var augmentation = new BatchAugmentation(images.Shape, imageOptions, normalization, copy.Device, copy.ChannelsLast);
        // Threads must share a batch evenly (docs/decisions/even-batches.md).
        var unit = copy.Device.type == DeviceType.CPU ? get_num_threads() : 1;
        var size = Math.Max(unit, Math.Min(training.BatchSize, images.Count) / unit * unit);
        var order = randperm(images.Count, dtype: ScalarType.Int64, generator: generator);
        var batches = Math.Min(Batches, images.Count / size);
        copy.Module.Train(generator);
        for (var batch = 0; batch < batches; batch++)
        {
            using var scope = NewDisposeScope();
            var rows = order.narrow(0, (long)batch * size, size);
            var input = augmentation.Normalize(images.Read(rows).to(copy.Device));
            use(copy.Module.call(input), images.Labels.index_select(0, rows).to(copy.Device));
        }
        return batches;
    }
}
