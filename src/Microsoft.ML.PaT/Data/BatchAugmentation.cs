using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>Turns a batch of bytes into what a network trains on: random part of the image, random mirror image, random colors, normalization, a random blank square.</summary>
/// <remarks>
/// Order as in the CIFAR protocol: the padding is black in the image, and normalized with it; a blank square has the mean color.
/// Owns the constants it keeps on the device.
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

    /// <summary>Prepares the constants.</summary>
    /// <param name="shape">Shape of one image.</param>
    /// <param name="options">How much to vary.</param>
    /// <param name="normalization">What to normalize with.</param>
    /// <param name="device">Where batches are and stay.</param>
    /// <param name="channelsLast">Whether results lie in memory as [N,H,W,C]; their shape is [N,C,H,W] in any case.</param>
    public BatchAugmentation(ImageShape shape, ImageOptions options, Normalization normalization, Device device, bool channelsLast)
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

    /// <summary>Varies and normalizes a batch.</summary>
    /// <param name="batch">uint8 [N,C,H,W] on the device.</param>
    /// <param name="generator">The only source of randomness; drawn from where it lives, the same number of values whatever they are.</param>
    /// <param name="slice">Which images of a batch these are; null for all.</param>
    /// <returns>A new tensor, float [N,C,H,W], in the caller's scope.</returns>
    public Tensor Augment(Tensor batch, Generator generator, BatchSlice? slice = null)
    {
        using var scope = NewDisposeScope();
        var of = slice ?? batch.shape[0];
        var images = _options.RandomResizedCropMinScale is { } least
            ? Ordered(RandomResizedCrop.Of(batch.to(float32), least, _options.HorizontalFlip, generator, of))
            : Ordered(Crop(batch, generator, of)).to(float32);
        if (_colors.IsOn) _colors.Change(images, generator, of);
        images.mul_(_scale).Plus_(_shift);
        if (_options.Cutout > 0) images.masked_fill_(_boxes.Draw(of, _blank, _blank, generator), Scalars.Zero);
        return images.MoveToOuterDisposeScope();
    }

    /// <summary>Normalizes a batch, nothing else: what evaluation sees.</summary>
    /// <param name="batch">uint8 [N,C,H,W] on the device.</param>
    /// <returns>A new tensor, float [N,C,H,W], in the caller's scope.</returns>
    public Tensor Normalize(Tensor batch)
    {
        using var scope = NewDisposeScope();
        // Moved while a pixel is still one byte.
        return Ordered(batch).to(float32).mul_(_scale).Plus_(_shift).MoveToOuterDisposeScope();
    }

    /// <summary>Random crops of the padded images, and random mirror images.</summary>
    private Tensor Crop(Tensor batch, Generator generator, BatchSlice of)
    {
        var (n, padding, flip) = (batch.shape[0], _options.RandomCropPadding, _options.HorizontalFlip);
        if (padding == 0 && !flip) return batch;
        int paddedWidth = _shape.Width + 2 * padding, paddedHeight = _shape.Height + 2 * padding;

        // A crop is a choice of rows and columns of the padded image, and a mirrored one counts its columns backwards:
        // one gather over flat pixel numbers does all of it, for every image at once.
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
        return flat.gather(2, pixels.expand(n, _shape.Channels, -1)).view(n, _shape.Channels, _shape.Height, _shape.Width);
    }

    private Tensor Ordered(Tensor batch) => _channelsLast ? batch.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : batch;

    /// <inheritdoc/>
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
