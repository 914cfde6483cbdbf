using Microsoft.ML.PaT.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Mixup and CutMix: mixes each image of a batch, and its label, with the preceding one. Both have a weight for each
/// pixel: the same weight for the whole image, or 0 inside a rectangle. The weight of the label is the mean of these
/// weights. Owns its constants.
/// </summary>
internal sealed class BatchMixing : IDisposable
{
    private const int Intervals = 4096;

    /// <summary>Least divisor, so that a pair of weight 0 gets a target of 0, not NaN.</summary>
    private static readonly Scalar s_least = 1e-30.ToScalar();

    private readonly ImageShape _shape;
    private readonly int _classes;
    private readonly Device _device;
    private readonly Tensor? _mixup, _cutMix;
    private readonly RandomBoxes _boxes;

    private BatchMixing(double mixup, double cutmix, ImageShape shape, int classes, Device device)
    {
        (_shape, _classes, _device) = (shape, classes, device);
        using var scope = NewDisposeScope();
        _mixup = Table(mixup);
        _cutMix = Table(cutmix);
        _boxes = new(shape, device);

        Tensor? Table(double alpha) =>
            alpha > 0 ? tensor(BetaQuantiles.Table(alpha, Intervals)).to(device).DetachFromDisposeScope() : null;
    }

    /// <summary>Returns null if neither mixup nor CutMix is used.</summary>
    /// <param name="mixup">Alpha of mixup; 0 for none.</param>
    /// <param name="cutMix">Alpha of CutMix; 0 for none.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="device">Device of the batches.</param>
    public static BatchMixing? Of(double mixup, double cutMix, ImageShape shape, int classes, Device device) =>
        mixup == 0 && cutMix == 0 ? null : new(mixup, cutMix, shape, classes, device);

    /// <summary>Mixes a batch.</summary>
    /// <param name="images">float [N,C,H,W], in any memory format.</param>
    /// <param name="labels">int64 [N].</param>
    /// <param name="weights">Weights of the images in the loss, float [N]; null for equal ones.</param>
    /// <param name="generator">Random number generator.</param>
    /// <param name="slice">Slice of the batch, preceded by the image before it; null for the whole batch.</param>
    /// <returns>New tensors in the caller's dispose scope: images in the same memory format, class probabilities, float
    /// [N,classes], and the weights of the mixed images, float [N]. Both images of a pair count as much as alone: the
    /// loss is linear in the target, so the target is the weighted mean of the two labels, and its weight the mean of
    /// the two weights, by their parts.</returns>
    public (Tensor Images, Tensor Targets, Tensor? Weights) Mix(
        Tensor images, Tensor labels, Tensor? weights, Generator generator, BatchSlice? slice = null)
    {
        using var scope = NewDisposeScope();
        BatchSlice of = slice ?? images.shape[0];
        var others = OwnWeights(of.WithoutPredecessor, generator).Complement();
        var targets = nn.functional.one_hot(labels, _classes).to(float32);
        if (weights is not null) targets = targets * weights.unsqueeze(1);
        targets = Mixed(targets, others.mean([2, 3]));
        if (weights is not null)
        {
            weights = targets.sum([1]);
            targets = targets / weights.clamp_min(s_least).unsqueeze(1);
        }
        return (
            Mixed(images, others).MoveToOuterDisposeScope(), targets.MoveToOuterDisposeScope(),
            weights?.MoveToOuterDisposeScope());

        Tensor Mixed(Tensor values, Tensor weights) =>
            of.IsPart
                ? values.narrow(0, 1, of.Count).lerp(values.narrow(0, 0, of.Count), weights)
                : values.lerp(Before(values), weights);
    }

    public void Dispose()
    {
        _mixup?.Dispose();
        _cutMix?.Dispose();
        _boxes.Dispose();
    }

    /// <summary>Weight of each pixel's own image, float [N,1,1,1] or [N,1,H,W].</summary>
    private Tensor OwnWeights(BatchSlice of, Generator generator)
    {
        if (_cutMix is null) return Beta(_mixup!, of, generator);
        var side = Beta(_cutMix, of, generator).Complement().sqrt();
        var pasted = _boxes.Draw(of, Pixels(_shape.Height), Pixels(_shape.Width), generator).to(float32).Complement();
        if (_mixup is null) return pasted;
        var mixed = Beta(_mixup, of, generator).expand(of.Count, 1, _shape.Height, _shape.Width);
        return where(
            of.Of(RandomDraws.Uniform(generator, _device, of.Total, 1, 1, 1), 0).lt(Scalars.Half), mixed, pasted);

        Tensor Pixels(int extent) => side.Times(extent).Plus(0.5).to(int64);
    }

    /// <summary>Beta-distributed numbers, float [N,1,1,1].</summary>
    private Tensor Beta(Tensor table, BatchSlice of, Generator generator)
    {
        var at = of.Of(RandomDraws.Uniform(generator, _device, of.Total), 0).Times(Intervals);
        var below = at.to(int64);
        return table.index_select(0, below).lerp(table.index_select(0, below.Plus(1)), at - below).view(-1, 1, 1, 1);
    }

    /// <summary>
    /// The batch shifted by one image. The batch is in random order, so this gives each image a random partner that is
    /// never itself. Keeps the memory format.
    /// </summary>
    private static Tensor Before(Tensor batch)
    {
        var last = batch.shape[0] - 1;
        return last == 0 ? batch : cat([batch.narrow(0, last, 1), batch.narrow(0, 0, last)], 0);
    }
}
