using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Copies the images of rows into numbered slots and then converts the slots to planar pixels of the network's shape.
/// The cursor's thread copies; any number of threads may convert, one thread per slot.
/// </summary>
internal abstract class ImageRowReader
{
    private const long MostPending = 64 << 20;
    private const long WorthThreads = 1 << 20;
    private readonly ImageSlot[] _slots;

    /// <param name="slots">Maximum number of images between copying and decoding.</param>
    protected ImageRowReader(ImageShape shape, ImageResizing resizing, int slots)
    {
        Shape = shape;
        Resizing = resizing;
        _slots = new ImageSlot[slots];
        for (var i = 0; i < slots; i++) _slots[i] = new();
    }

    protected ImageShape Shape { get; }

    protected ImageResizing Resizing { get; }

    /// <summary>Whether the slots hold so many bytes that they should be decoded before more are copied.</summary>
    public bool IsFull => Pending > MostPending;

    /// <summary>Bytes copied since slot 0, including it.</summary>
    protected long Pending { get; private set; }

    /// <summary>Whether decoding the slots is faster with more than one thread.</summary>
    protected virtual bool IsWorthThreads => Pending > WorthThreads;

    /// <summary>Creates the reader for a column.</summary>
    /// <exception cref="InvalidOptionsException">The shape is neither RGB nor gray.</exception>
    /// <exception cref="DeviceUnavailableException">The column contains images or files, and ML.NET cannot decode them
    /// with this version of SkiaSharp.</exception>
    public static ImageRowReader Create(ImageColumnFormat format, DataViewRow row, DataViewSchema.Column column,
        ImageShape shape, int slots) => Decodable(format, shape).Kind switch
    {
        ImageColumnKind.Image => new MLImageReader(row.GetGetter<MLImage>(column), format, shape, slots),
        ImageColumnKind.Encoded => new EncodedImageReader(row.GetGetter<VBuffer<byte>>(column), format, shape, slots),
        ImageColumnKind.BytePixels => new BytePixelReader(row.GetGetter<VBuffer<byte>>(column), format, shape, slots),
        _ => new FloatPixelReader(row.GetGetter<VBuffer<float>>(column), format, shape, slots),
    };

    /// <summary>Creates a reader for single values.</summary>
    /// <typeparam name="TValue"><c>MLImage</c>, <c>VBuffer&lt;byte&gt;</c> or
    /// <c>VBuffer&lt;float&gt;</c>.</typeparam>
    /// <exception cref="ArgumentException">The format does not have values of this type.</exception>
    /// <exception cref="InvalidOptionsException">The shape is neither RGB nor gray.</exception>
    public static ImageRowReader Create<TValue>(
        ImageColumnFormat format, ValueGetter<TValue> getter, ImageShape shape) =>
        (Decodable(format, shape).Kind, (Delegate)getter) switch
        {
            (ImageColumnKind.Image, ValueGetter<MLImage> images) => new MLImageReader(images, format, shape, 1),
            (ImageColumnKind.Encoded, ValueGetter<VBuffer<byte>> bytes) => new EncodedImageReader(
                bytes,
                format,
                shape,
                1),
            (ImageColumnKind.BytePixels, ValueGetter<VBuffer<byte>> pixels) => new BytePixelReader(
                pixels,
                format,
                shape,
                1),
            (ImageColumnKind.FloatPixels, ValueGetter<VBuffer<float>> pixels) => new FloatPixelReader(
                pixels,
                format,
                shape,
                1),
            _ => throw new ArgumentException($"Values of type {typeof(TValue)} are not {format.Kind}.", nameof(getter)),
        };

    // Without these checks, a failure of SkiaSharp or of the conversion would count as an unreadable image.
    private static ImageColumnFormat Decodable(ImageColumnFormat format, ImageShape shape)
    {
        ImageColors.Require(shape);
        if (format.Kind is ImageColumnKind.Image or ImageColumnKind.Encoded) SkiaSharpVersion.Require();
        return format;
    }

    /// <summary>Copies the image of the current row. <see cref="Decode"/> returns the error, if there is one.</summary>
    /// <param name="slot">Index of the slot. A block of rows starts with slot 0.</param>
    public void Read(int slot)
    {
        if (slot == 0) Pending = 0;
        var target = _slots[slot];
        (target.Error, target.Length) = (null, 0);
        try
        {
            Copy(target);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            target.Error = e;
        }
        Pending += target.Length;
    }

    /// <summary>The copied bytes of a slot: a file, or pixels; empty if the row has no image.</summary>
    public ReadOnlySpan<byte> BytesOf(int slot) => _slots[slot].Bytes.AsSpan(0, _slots[slot].Length);

    /// <summary>The size of the upright image in a slot; null if it is unreadable.</summary>
    public (int Height, int Width)? SizeOf(int slot) => _slots[slot].Error is null ? SizeOf(_slots[slot]) : null;

    /// <summary>Decodes the first slots, on all cores if that is faster.</summary>
    /// <param name="count">Number of slots.</param>
    /// <param name="decode">Calls <see cref="Decode"/> for the slot with this index.</param>
    public void DecodeAll(int count, Action<int> decode)
    {
        if (count > 1 && IsWorthThreads) Parallel.For(0, count, decode);
        else
            for (var slot = 0; slot < count; slot++) decode(slot);
    }

    /// <param name="slot">Index of the slot.</param>
    /// <param name="planar">Receives [C,H,W].</param>
    /// <returns>Null, or the reason why the image is unreadable.</returns>
    public string? Decode(int slot, Span<byte> planar)
    {
        var source = _slots[slot];
        try
        {
            if (source.Error is null) Resize(source, planar);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Decoders throw many kinds of exceptions for damaged files. All mean that this image is unreadable.
            source.Error = e;
        }
        return source.Error?.Message.ReplaceLineEndings(" ");
    }

    protected virtual (int Height, int Width)? SizeOf(ImageSlot slot) => (slot.Layout.Height, slot.Layout.Width);

    /// <summary>Copies the current row's image.</summary>
    protected abstract void Copy(ImageSlot slot);

    protected virtual void Resize(ImageSlot slot, Span<byte> planar) =>
        ImageResizer.Resize(slot.Bytes.AsSpan(0, slot.Length), slot.Layout, planar, Shape, Resizing);
}
