using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>Turns a batch of bytes into what a network trains on: random crop out of a zero-padded picture, random mirror image, normalisation.</summary>
/// <remarks>
/// Order as in the CIFAR protocol: the padding is black in the picture, and normalised with it.
/// Owns the constants it keeps on the device.
/// </remarks>
internal sealed class BatchAugmentation : IDisposable
{
    private readonly ImageShape _shape;
    private readonly int _padding;
    private readonly bool _flip;
    private readonly bool _channelsLast;
    private readonly Device _device;
    private readonly Tensor _scale, _shift, _rows, _columns;

    /// <summary>Prepares the constants.</summary>
    /// <param name="shape">Shape of one picture.</param>
    /// <param name="options">How much to vary.</param>
    /// <param name="normalization">What to normalise with.</param>
    /// <param name="device">Where batches are and stay.</param>
    /// <param name="channelsLast">Whether results lie in memory as [N,H,W,C]; their shape is [N,C,H,W] in any case.</param>
    public BatchAugmentation(ImageShape shape, ImageOptions options, Normalization normalization, Device device, bool channelsLast)
    {
        _shape = shape;
        _padding = options.CropPadding;
        _flip = options.HorizontalFlip;
        _device = device;
        _channelsLast = channelsLast;
        using var scope = NewDisposeScope();
        var (scale, shift) = normalization.ToTensors();
        _scale = Keep(scale);
        _shift = Keep(shift);
        _rows = Keep(arange(shape.Height, dtype: int64).view(1, -1, 1));
        _columns = Keep(arange(shape.Width, dtype: int64).view(1, 1, -1));

        Tensor Keep(Tensor t) => t.to(device).DetachFromDisposeScope();
    }

    /// <summary>Varies and normalises a batch.</summary>
    /// <param name="batch">uint8 [N,C,H,W] on the device.</param>
    /// <param name="generator">The only source of randomness; drawn from where it lives, the same number of values whatever they are.</param>
    /// <returns>A new tensor, float [N,C,H,W], in the caller's scope.</returns>
    public Tensor Augment(Tensor batch, Generator generator)
    {
        if (_padding == 0 && !_flip) return Normalize(batch);
        using var scope = NewDisposeScope();
        var n = batch.shape[0];
        int paddedWidth = _shape.Width + 2 * _padding, paddedHeight = _shape.Height + 2 * _padding;

        // A crop is a choice of rows and columns of the padded picture, and a mirrored one counts its columns backwards:
        // one gather over flat pixel numbers does all of it, for every picture at once.
        var rows = _rows;
        var columns = _columns;
        if (_flip)
        {
            var flip = randint(0, 2, [n, 1, 1], dtype: int64, device: generator.device, generator: generator).to(_device);
            columns = columns + flip * (_shape.Width - 1 - 2 * columns);
        }
        if (_padding > 0)
        {
            var offsets = randint(0, 2 * _padding + 1, [2, n, 1, 1], dtype: int64, device: generator.device, generator: generator).to(_device);
            rows = rows + offsets[0];
            columns = columns + offsets[1];
            batch = nn.functional.pad(batch, [_padding, _padding, _padding, _padding]);
        }
        var pixels = (rows * paddedWidth + columns).view(-1, 1, _shape.Height * _shape.Width);
        var flat = batch.view(n, _shape.Channels, paddedHeight * paddedWidth);
        var crops = flat.gather(2, pixels.expand(n, _shape.Channels, -1)).view(n, _shape.Channels, _shape.Height, _shape.Width);
        return Normalize(crops).MoveToOuterDisposeScope();
    }

    /// <summary>Normalises a batch, nothing else: what evaluation sees.</summary>
    /// <param name="batch">uint8 [N,C,H,W] on the device.</param>
    /// <returns>A new tensor, float [N,C,H,W], in the caller's scope.</returns>
    public Tensor Normalize(Tensor batch)
    {
        using var scope = NewDisposeScope();
        // Moved while a pixel is still one byte.
        if (_channelsLast) batch = batch.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        return batch.to(float32).mul_(_scale).add_(_shift).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scale.Dispose();
        _shift.Dispose();
        _rows.Dispose();
        _columns.Dispose();
    }
}
