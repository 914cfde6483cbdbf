using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// The column owns its decoded images. The getters of ML.NET's loading columns dispose the previous image.
/// </summary>
internal sealed class MLImageReader(ValueGetter<MLImage> getter, ImageColumnFormat format, ImageShape shape, int slots)
    : ImageRowReader(shape, format.Resizing, slots)
{
    private MLImage? _image;

    protected override void Copy(ImageSlot slot)
    {
        getter(ref _image!);
        var image = _image ?? throw new InvalidDataException("the column has no image in this row");
        image.Pixels.CopyTo(slot.Reserve(image.Pixels.Length));
        slot.Layout = ImageDecoder.LayoutOf(image);
    }
}

internal sealed class EncodedImageReader(
    ValueGetter<VBuffer<byte>> getter,
    ImageColumnFormat format,
    ImageShape shape,
    int slots) : ImageRowReader(shape, format.Resizing, slots)
{
    private VBuffer<byte> _bytes;

    protected override bool IsWorthThreads => true;

    protected override void Copy(ImageSlot slot)
    {
        getter(ref _bytes);
        if (_bytes.Length == 0) throw new InvalidDataException("the column has no bytes in this row");
        _bytes.CopyTo(slot.Reserve(_bytes.Length));
    }

    protected override (int Height, int Width)? SizeOf(ImageSlot slot) =>
        EncodedImage.SizeOf(slot.Bytes.AsSpan(0, slot.Length));

    protected override void Resize(ImageSlot slot, Span<byte> planar) =>
        EncodedImage.Decode(slot.Bytes.AsSpan(0, slot.Length), planar, Shape, Resizing);
}

internal sealed class BytePixelReader(
    ValueGetter<VBuffer<byte>> getter,
    ImageColumnFormat format,
    ImageShape shape,
    int slots) : ImageRowReader(shape, format.Resizing, slots)
{
    private VBuffer<byte> _pixels;

    protected override void Copy(ImageSlot slot)
    {
        getter(ref _pixels);
        _pixels.CopyTo(slot.Reserve(_pixels.Length));
        slot.SetPixels(format);
    }
}

internal sealed class FloatPixelReader(
    ValueGetter<VBuffer<float>> getter,
    ImageColumnFormat format,
    ImageShape shape,
    int slots) : ImageRowReader(shape, format.Resizing, slots)
{
    private VBuffer<float> _pixels;
    private float[] _dense = [];

    protected override void Copy(ImageSlot slot)
    {
        getter(ref _pixels);
        if (_dense.Length < _pixels.Length) _dense = new float[_pixels.Length];
        _pixels.CopyTo(_dense);
        var bytes = slot.Reserve(_pixels.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = MathF.Round(_dense[i]);
            if (!(value is >= 0 and <= 255))
            {
                throw new InvalidDataException(
                    $"pixel value {i} is {_dense[i]}; values must lie between 0 and 255, as ExtractPixels writes "
                        + "them without offset and scale");
            }
            bytes[i] = (byte)value;
        }
        RequireUnscaled(_dense.AsSpan(0, bytes.Length));
        slot.SetPixels(format);
    }

    /// <summary>Refuses pixels from 0 to 1, which would all become 0 or 1.</summary>
    private static void RequireUnscaled(ReadOnlySpan<float> pixels)
    {
        var hasFraction = false;
        foreach (var pixel in pixels)
        {
            if (pixel > 1) return;
            hasFraction |= pixel is > 0 and < 1;
        }
        if (hasFraction)
        {
            throw new InvalidDataException(
                "its pixel values are fractions from 0 to 1; they must lie between 0 and 255, as ExtractPixels writes "
                    + "them without scaleImage");
        }
    }
}
