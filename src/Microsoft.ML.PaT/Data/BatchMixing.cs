using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Mixes each image of a batch with the one before it, and the labels alike: mixup and CutMix.
/// Both are weights for each pixel, one for the whole image or 0 inside a rectangle; the label's share is their mean. Owns its constants.
/// </summary>
internal sealed class BatchMixing : IDisposable
{
    private const int Intervals = 4096;
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

        Tensor? Table(double alpha) => alpha > 0 ? tensor(BetaQuantiles.Table(alpha, Intervals)).to(device).DetachFromDisposeScope() : null;
    }

    /// <summary>Prepares mixing; null where neither is used.</summary>
    /// <param name="mixup">Alpha of mixup; 0 for none.</param>
    /// <param name="cutMix">Alpha of CutMix; 0 for none.</param>
    /// <param name="shape">Shape of a image.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="device">Where batches are.</param>
    public static BatchMixing? Of(double mixup, double cutMix, ImageShape shape, int classes, Device device) =>
        mixup == 0 && cutMix == 0 ? null : new(mixup, cutMix, shape, classes, device);

    /// <summary>Mixes a batch.</summary>
    /// <param name="images">float [N,C,H,W], in any layout.</param>
    /// <param name="labels">int64 [N].</param>
    /// <param name="generator">The source of randomness.</param>
    /// <returns>New tensors in the caller's scope: images in the same layout, and probabilities of the classes, float [N,classes].</returns>
    public (Tensor Images, Tensor Targets) Mix(Tensor images, Tensor labels, Generator generator)
    {
        using var scope = NewDisposeScope();
        var others = OwnWeights(images.shape[0], generator).Complement();
        var targets = nn.functional.one_hot(labels, _classes).to(float32);
        return (Mixed(images, others).MoveToOuterDisposeScope(), Mixed(targets, others.mean([2, 3])).MoveToOuterDisposeScope());

        static Tensor Mixed(Tensor values, Tensor weights) => values.lerp(Before(values), weights);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mixup?.Dispose();
        _cutMix?.Dispose();
        _boxes.Dispose();
    }

    /// <summary>What each pixel keeps of its own image, float [N,1,1,1] or [N,1,H,W].</summary>
    private Tensor OwnWeights(long count, Generator generator)
    {
        if (_cutMix is null) return Beta(_mixup!, count, generator);
        var side = Beta(_cutMix, count, generator).Complement().sqrt();
        var pasted = _boxes.Draw(count, Pixels(_shape.Height), Pixels(_shape.Width), generator).to(float32).Complement();
        if (_mixup is null) return pasted;
        var mixed = Beta(_mixup, count, generator).expand(count, 1, _shape.Height, _shape.Width);
        return where(RandomDraws.Uniform(generator, _device, count, 1, 1, 1).lt(Scalars.Half), mixed, pasted);

        Tensor Pixels(int extent) => side.Times(extent).Plus(0.5).to(int64);
    }

    /// <summary>Beta numbers, float [N,1,1,1].</summary>
    private Tensor Beta(Tensor table, long count, Generator generator)
    {
        var at = RandomDraws.Uniform(generator, _device, count).Times(Intervals);
        var below = at.to(int64);
        return table.index_select(0, below).lerp(table.index_select(0, below.Plus(1)), at - below).view(-1, 1, 1, 1);
    }

    /// <summary>The batch moved on by one: its order is random, so this is a random partner, and never the image itself. Keeps the layout.</summary>
    private static Tensor Before(Tensor batch)
    {
        var last = batch.shape[0] - 1;
        return last == 0 ? batch : cat([batch.narrow(0, last, 1), batch.narrow(0, 0, last)], 0);
    }
}
