namespace Microsoft.ML.PaT.Data;

/// <summary>The bytes of one image between copying and decoding. Pixels have a layout; files do not.</summary>
internal sealed class ImageSlot
{
    public byte[] Bytes = [];
    public int Length;
    public PixelLayout Layout;
    public Exception? Error;

    /// <summary>The buffer grows but never shrinks.</summary>
    public Span<byte> Reserve(int length)
    {
        if (Bytes.Length < length) Bytes = new byte[length];
        Length = length;
        return Bytes.AsSpan(0, length);
    }

    /// <summary>Sets the layout of a pixel vector after its values have been copied.</summary>
    public void SetPixels(ImageColumnFormat format)
    {
        if (Length != format.Size)
            throw new InvalidDataException($"it has {Length} pixel values instead of {format.Size}");
        Layout = format.Layout;
    }
}
