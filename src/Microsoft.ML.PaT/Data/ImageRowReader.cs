using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Takes the images of rows into numbered slots, then turns slots into planar RGB of the network's size. Taking is for
/// the thread of the cursor; turning may run on many threads, one a slot.
/// </summary>
internal abstract class ImageRowReader
{
    private const long MuchWaiting = 64 << 20;
    private const long WorthThreads = 1 << 20;
    private readonly ImageShape _shape;
    private readonly ImageResizing _resizing;
    private readonly Slot[] _slots;

    /// <summary>Prepares the slots.</summary>
    /// <param name="shape">What the network takes.</param>
    /// <param name="resizing">How images come to its size.</param>
    /// <param name="slots">How many images are held at a time.</param>
    protected ImageRowReader(ImageShape shape, ImageResizing resizing, int slots)
    {
        _shape = shape;
        _resizing = resizing;
        _slots = new Slot[slots];
        for (var i = 0; i < slots; i++) _slots[i] = new();
    }

    /// <summary>
    /// Whether so many bytes wait in the slots that they should be decoded before more are taken: images may have any
    /// size.
    /// </summary>
    public bool IsFull => Waiting > MuchWaiting;

    /// <summary>Bytes taken since slot 0 was.</summary>
    protected long Waiting { get; private set; }

    /// <summary>Whether decoding what waits is worth more than one thread.</summary>
    protected virtual bool IsWorthThreads => Waiting > WorthThreads;

    /// <summary>Makes the reader for a column.</summary>
    /// <param name="format">What the column holds.</param>
    /// <param name="row">The row or cursor to read.</param>
    /// <param name="column">The column.</param>
    /// <param name="shape">What the network takes.</param>
    /// <param name="slots">How many images are held at a time.</param>
    /// <exception cref="DeviceUnavailableException">The column holds images or files, and ML.NET cannot decode with
    /// this SkiaSharp.</exception>
    public static ImageRowReader Create(ImageColumnFormat format, DataViewRow row, DataViewSchema.Column column,
        ImageShape shape, int slots) => Decodable(format).Kind switch
    {
        ImageColumnKind.Image => new ImageReader(row.GetGetter<MLImage>(column), format, shape, slots),
        ImageColumnKind.Encoded => new EncodedReader(row.GetGetter<VBuffer<byte>>(column), format, shape, slots),
        ImageColumnKind.BytePixels => new BytePixelReader(row.GetGetter<VBuffer<byte>>(column), format, shape, slots),
        _ => new FloatPixelReader(row.GetGetter<VBuffer<float>>(column), format, shape, slots),
    };

    /// <summary>Makes a reader for single values.</summary>
    /// <typeparam name="TValue">What the column gives: <c>MLImage</c>, <c>VBuffer&lt;byte&gt;</c> or
    /// <c>VBuffer&lt;float&gt;</c>.</typeparam>
    /// <param name="format">What the values are.</param>
    /// <param name="getter">Gives a value.</param>
    /// <param name="shape">What the network takes.</param>
    /// <exception cref="ArgumentException">Values of that type are not what the format says.</exception>
    public static ImageRowReader Create<TValue>(
        ImageColumnFormat format, ValueGetter<TValue> getter, ImageShape shape) =>
        (Decodable(format).Kind, (Delegate)getter) switch
        {
            (ImageColumnKind.Image, ValueGetter<MLImage> images) => new ImageReader(images, format, shape, 1),
            (ImageColumnKind.Encoded, ValueGetter<VBuffer<byte>> bytes) => new EncodedReader(bytes, format, shape, 1),
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

    // Later, what fails in SkiaSharp would count as an unreadable image.
    private static ImageColumnFormat Decodable(ImageColumnFormat format)
    {
        if (format.Kind is ImageColumnKind.Image or ImageColumnKind.Encoded) SkiaSharpVersion.Require();
        return format;
    }

    /// <summary>Takes the image of the current row; <see cref="Decode"/> returns the error, if there is one.</summary>
    /// <param name="slot">Number of the slot: 0, then one after the other.</param>
    public void Read(int slot)
    {
        if (slot == 0) Waiting = 0;
        var target = _slots[slot];
        (target.Error, target.Length) = (null, 0);
        try
        {
            Take(target);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            target.Error = e;
        }
        Waiting += target.Length;
    }

    /// <summary>
    /// The bytes that a slot has taken, as they came: of a file, or pixels; none where there is no image.
    /// </summary>
    /// <param name="slot">Number of the slot.</param>
    public ReadOnlySpan<byte> Taken(int slot) => _slots[slot].Bytes.AsSpan(0, _slots[slot].Length);

    /// <summary>The size of the upright image that a slot has taken; null where it is unreadable.</summary>
    public (int Height, int Width)? SizeOf(int slot) => _slots[slot].Error is null ? SizeOf(_slots[slot]) : null;

    /// <summary>Decodes the first slots, on all cores where that pays.</summary>
    /// <param name="count">How many slots.</param>
    /// <param name="decode">Calls <see cref="Decode"/> for the slot of a number.</param>
    public void DecodeAll(int count, Action<int> decode)
    {
        if (count > 1 && IsWorthThreads) Parallel.For(0, count, decode);
        else
            for (var slot = 0; slot < count; slot++) decode(slot);
    }

    /// <summary>Turns a slot into what the network takes.</summary>
    /// <param name="slot">Number of the slot.</param>
    /// <param name="planar">Receives [C,H,W].</param>
    /// <returns>Null, or what makes the image unreadable.</returns>
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

    protected virtual (int Height, int Width)? SizeOf(Slot slot) => (slot.Layout.Height, slot.Layout.Width);

    /// <summary>Copies the current row's image.</summary>
    protected abstract void Take(Slot slot);

    /// <summary>Turns what was copied into what the network takes.</summary>
    protected virtual void Resize(Slot slot, Span<byte> planar) =>
        ImageResizer.Resize(
            slot.Bytes.AsSpan(0, slot.Length), slot.Layout, planar, _shape.Height, _shape.Width, _resizing);

    /// <summary>One image on its way: bytes and, where they are pixels, how they lie.</summary>
    protected sealed class Slot
    {
        public byte[] Bytes = [];
        public int Length;
        public PixelLayout Layout;
        public Exception? Error;

        /// <summary>Room for so many bytes; grows, never shrinks.</summary>
        public Span<byte> Reserve(int length)
        {
            if (Bytes.Length < length) Bytes = new byte[length];
            Length = length;
            return Bytes.AsSpan(0, length);
        }

        /// <summary>Says how a pixel vector's values, already copied, lie.</summary>
        public void SetPixels(ImageColumnFormat format)
        {
            if (Length != format.Size)
                throw new InvalidDataException($"it has {Length} pixel values instead of {format.Size}");
            Layout = format.Layout;
        }
    }

    // Disposing a decoded image is its column's business: loading columns dispose the previous one when they are handed
    // it back.
    private sealed class ImageReader(ValueGetter<MLImage> getter, ImageColumnFormat format, ImageShape shape, int slots)
        : ImageRowReader(shape, format.Resizing, slots)
    {
        private MLImage? _image;

        protected override void Take(Slot slot)
        {
            getter(ref _image!);
            var image = _image ?? throw new InvalidDataException("the column has no image in this row");
            image.Pixels.CopyTo(slot.Reserve(image.Pixels.Length));
            slot.Layout = ImageDecoder.LayoutOf(image);
        }
    }

    private sealed class EncodedReader(
        ValueGetter<VBuffer<byte>> getter,
        ImageColumnFormat format,
        ImageShape shape,
        int slots) : ImageRowReader(shape, format.Resizing, slots)
    {
        private VBuffer<byte> _bytes;

        protected override bool IsWorthThreads => true;

        protected override void Take(Slot slot)
        {
            getter(ref _bytes);
            if (_bytes.Length == 0) throw new InvalidDataException("the column has no bytes in this row");
            _bytes.CopyTo(slot.Reserve(_bytes.Length));
        }

        protected override (int Height, int Width)? SizeOf(Slot slot) =>
            EncodedImage.SizeOf(slot.Bytes.AsSpan(0, slot.Length));

        protected override void Resize(Slot slot, Span<byte> planar) =>
            EncodedImage.Decode(slot.Bytes.AsSpan(0, slot.Length), planar, _shape, _resizing);
    }

    private sealed class BytePixelReader(
        ValueGetter<VBuffer<byte>> getter,
        ImageColumnFormat format,
        ImageShape shape,
        int slots) : ImageRowReader(shape, format.Resizing, slots)
    {
        private VBuffer<byte> _pixels;

        protected override void Take(Slot slot)
        {
            getter(ref _pixels);
            _pixels.CopyTo(slot.Reserve(_pixels.Length));
            slot.SetPixels(format);
        }
    }

    private sealed class FloatPixelReader(
        ValueGetter<VBuffer<float>> getter,
        ImageColumnFormat format,
        ImageShape shape,
        int slots) : ImageRowReader(shape, format.Resizing, slots)
    {
        private VBuffer<float> _pixels;
        private float[] _dense = [];

        protected override void Take(Slot slot)
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
            slot.SetPixels(format);
        }
    }
}
