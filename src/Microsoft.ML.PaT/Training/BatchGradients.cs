using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Training.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>Forward pass, loss and backward pass of batches.</summary>
/// <param name="images">Training images; not owned.</param>
/// <param name="device">Training device.</param>
/// <param name="generator">Random number generator of augmentation; not owned.</param>
/// <param name="scale">Factor of the loss in float16; null for none.</param>
internal sealed class BatchGradients(
    ImageDataset images, TrainingOptions options, Device device, Generator generator, LossScale? scale) : IDisposable
{
    private readonly ComputePrecision _precision = ComputePrecision.Of(options.Precision);
    private readonly Tensor? _weights = ExampleWeights.Of(images, options.ClassWeights);
    private readonly BatchMixing? _mixing =
        BatchMixing.Of(options.Mixup, options.CutMix, images.Shape, images.Classes.Count, device);

    /// <summary>Teacher for distillation; null for none. Not owned.</summary>
    public Teacher? Teacher { get; set; }

    /// <summary>Whether images are mixed with the one before them.</summary>
    public bool MixesImages => _mixing is not null;

    /// <summary>
    /// Adds the gradients of this rank's slice of a batch to those of the parameters, micro-batch by micro-batch.
    /// </summary>
    /// <param name="augmentation">Converts bytes to the network's input.</param>
    /// <returns>The input of the slice, [n,C,H,W], and its contribution to the mean loss; in the caller's dispose
    /// scope.</returns>
    public (Tensor Input, Tensor Loss) Add(
        TrainableNetwork network, BatchAugmentation augmentation, EpochBatches batches, int epoch, int step)
    {
        var (pixels, rows) = batches.Take(epoch, step);
        var slice = batches.Slice(step);
        var input = augmentation.Augment(pixels.to(network.Device), generator, slice);
        var targets = images.Labels.index_select(0, rows).to(network.Device);
        var weights = _weights?.index_select(0, rows).to(network.Device);
        if (_mixing is not null) (input, targets, weights) = _mixing.Mix(input, targets, weights, generator, slice);
        var sum = zeros([], dtype: float32, device: network.Device);
        foreach (var (start, count) in batches.Parts(step, options.GradientAccumulationSteps))
        {
            using var scope = NewDisposeScope();
            network.Module.Slice = new(slice.Total, slice.First + start, count);
            var part = input.narrow(0, start, count);
            var loss = Loss(
                network.Module.Forward(part, _precision),
                Teacher?.Logits(part, _precision),
                targets.narrow(0, start, count),
                weights?.narrow(0, start, count));
            if (count < slice.Total) loss = loss.Times((double)count / slice.Total); // the mean over the batch
            using (no_grad()) sum.Plus_(loss.detach());
            SynchronizedBatchNorm.During(() =>
                FusedNormFunction.BackwardFrom(scale is null ? loss : loss.Times(scale.Factor)));
        }
        network.Module.Slice = slice.WithoutPredecessor; // of the input that is returned
        return (input, sum);
    }

    /// <summary>Mean weight of the images of a whole batch, of all ranks, in the loss.</summary>
    public float MeanWeight(EpochBatches batches, int step) =>
        _weights?.index_select(0, batches.WholeRowsOf(step)).mean().item<float>() ?? 1;

    public void Dispose()
    {
        _weights?.Dispose();
        _mixing?.Dispose();
    }

    /// <summary>
    /// Mean of the weighted losses over the images of the batch. Dividing by the number of images, not by the sum of
    /// weights, gives batches of rare classes a larger weight, as intended.
    /// </summary>
    private Tensor Loss(Tensor logits, Tensor? taught, Tensor targets, Tensor? weights)
    {
        if (weights is null && taught is null)
            return nn.functional.cross_entropy(logits, targets, label_smoothing: options.LabelSmoothing);
        var losses = nn.functional.cross_entropy(
            logits, targets, reduction: nn.Reduction.None, label_smoothing: options.LabelSmoothing);
        if (taught is not null) losses = Teacher!.Blend(losses, logits, taught);
        return (weights is null ? losses : losses * weights).mean();
    }
}
