using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Converts a batch of bytes to network input: random crop, horizontal flip, TrivialAugment, color jitter,
/// normalization, random erasing.
/// </summary>
/// <remarks>
/// The order is that of the CIFAR protocol: the padding is black before normalization; erased squares have the mean
/// color. Owns its constants on the device.
/// </remarks>
internal sealed class BatchAugmentation : IDisposable
{
    private readonly ImageShape _shape;
    private readonly ImageOptions _options;
    private readonly bool _channelsLast;
    private readonly Device _device;
    private readonly Tensor _scale, _shift, _rows, _columns, _blank;
    private readonly RandomColors _colors;
    private readonly RandomBoxes _boxes;

    /// <param name="device">Device of the batches.</param>
    /// <param name="channelsLast">Whether results are channels-last in memory; their shape is [N,C,H,W] in either
    /// case.</param>
    public BatchAugmentation(
        ImageShape shape, ImageOptions options, Normalization normalization, Device device, bool channelsLast)
    {
        _shape = shape;
        _options = options;
        _device = device;
        _channelsLast = channelsLast;
        using var scope = NewDisposeScope();
        var (scale, shift) = normalization.ToTensors();
        _scale = Keep(scale);
        _shift = Keep(shift);
        _rows = Keep(TensorMath.Range(shape.Height, int64).view(1, -1, 1));
        _columns = Keep(TensorMath.Range(shape.Width, int64).view(1, 1, -1));
        _blank = Keep(tensor(new[] { (long)options.Cutout }));
        _colors = new(options.ColorJitter, device);
        _boxes = new(shape, device);

        Tensor Keep(Tensor t) => t.to(device).DetachFromDisposeScope();
    }

    /// <summary>Augments and normalizes a batch.</summary>
    /// <param name="batch">uint8 [N,C,H,W] on the device.</param>
    /// <param name="generator">Random number generator. The number of values drawn does not depend on their
    /// values.</param>
    /// <param name="slice">Slice of the batch; null for the whole batch.</param>
    /// <returns>A new tensor, float [N,C,H,W], in the caller's dispose scope.</returns>
    public Tensor Augment(Tensor batch, Generator generator, BatchSlice? slice = null)
    {
        using var scope = NewDisposeScope();
        BatchSlice of = slice ?? batch.shape[0];
        var images = _options.RandomResizedCropMinScale is { } least
            ? Ordered(RandomResizedCrop.Of(batch.to(float32), least, _options.HorizontalFlip, generator, of))
            : Ordered(Crop(batch, generator, of)).to(float32);
        if (_options.TrivialAugment) TrivialAugment.Change(images, generator, of);
        if (_colors.IsOn) _colors.Change(images, generator, of);
        images.mul_(_scale).Plus_(_shift);
        if (_options.Cutout > 0) images.masked_fill_(_boxes.Draw(of, _blank, _blank, generator), Scalars.Zero);
        return images.MoveToOuterDisposeScope();
    }

    /// <summary>Normalizes a batch without augmentation, for evaluation.</summary>
    /// <param name="batch">uint8 [N,C,H,W] on the device.</param>
    /// <returns>A new tensor, float [N,C,H,W], in the caller's dispose scope.</returns>
    public Tensor Normalize(Tensor batch)
    {
        using var scope = NewDisposeScope();
        // Reordered while a pixel is still one byte.
        return Ordered(batch).to(float32).mul_(_scale).Plus_(_shift).MoveToOuterDisposeScope();
    }

    /// <summary>Random crops of the padded images and random horizontal flips.</summary>
    private Tensor Crop(Tensor batch, Generator generator, BatchSlice of)
    {
        var (n, padding, flip) = (batch.shape[0], _options.RandomCropPadding, _options.HorizontalFlip);
        if (padding == 0 && !flip) return batch;
        int paddedWidth = _shape.Width + 2 * padding, paddedHeight = _shape.Height + 2 * padding;

        // A crop selects rows and columns of the padded image, and a flip reverses the columns: a single gather over
        // flat pixel indices does both for all images at once.
        var rows = _rows;
        var columns = _columns;
        if (flip)
        {
            var mirrored = of.Of(RandomDraws.Whole(generator, _device, 2, of.Total, 1, 1), 0);
            columns = columns.Plus(mirrored.mul(columns.Times(-2).Plus(_shape.Width - 1)));
        }
        if (padding > 0)
        {
            var offsets = of.Of(RandomDraws.Whole(generator, _device, 2 * padding + 1, 2, of.Total, 1, 1), 1);
            rows = rows.Plus(offsets[0]);
            columns = columns.Plus(offsets[1]);
            batch = nn.functional.pad(batch, [padding, padding, padding, padding]);
        }
        var pixels = rows.Times(paddedWidth).Plus(columns).view(-1, 1, _shape.Height * _shape.Width);
        var flat = batch.view(n, _shape.Channels, paddedHeight * paddedWidth);
        return flat.gather(2, pixels.expand(n, _shape.Channels, -1))
            .view(n, _shape.Channels, _shape.Height, _shape.Width);
    }

    private Tensor Ordered(Tensor batch) =>
        _channelsLast ? batch.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : batch;

    public void Dispose()
    {
        _scale.Dispose();
        _shift.Dispose();
        _rows.Dispose();
        _columns.Dispose();
        _blank.Dispose();
        _colors.Dispose();
        _boxes.Dispose();
    }
}
