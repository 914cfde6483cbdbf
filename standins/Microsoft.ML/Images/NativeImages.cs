using System.Runtime.InteropServices;

namespace Microsoft.ML;

/// <summary>The native half: decoding by libjpeg-turbo and stb_image (Native/api.h).</summary>
internal static unsafe partial class NativeImages
{
    private const string Library = "mlimages";

    internal const int Ok = 0, UnknownFormat = 1, Corrupt = 2, TooLarge = 3, NoMemory = 4;

    [LibraryImport(Library, EntryPoint = "mlimages_read_header")]
    private static partial int ReadHeader(byte* data, long length, out int width, out int height);

    [LibraryImport(Library, EntryPoint = "mlimages_decode")]
    private static partial int Decode(byte* data, long length, int width, int height, byte* pixels);

    [LibraryImport(Library, EntryPoint = "mlimages_encode_jpeg")]
    private static partial int EncodeJpeg(byte* pixels, int width, int height, int quality, out byte* encoded, out long length);

    [LibraryImport(Library, EntryPoint = "mlimages_encode_png")]
    private static partial int EncodePng(byte* rgba, int width, int height, out byte* encoded, out long length);

    [LibraryImport(Library, EntryPoint = "mlimages_free")]
    private static partial void Free(byte* encoded);

    /// <summary>Decodes a file's bytes to premultiplied BGRA; a status other than Ok says why there are no pixels.</summary>
    internal static int Decode(ReadOnlySpan<byte> file, out int width, out int height, out byte[] pixels)
    {
        pixels = null;
        fixed (byte* data = file)
        {
            int status = ReadHeader(data, file.Length, out width, out height);
            if (status != Ok) return status;
            pixels = GC.AllocateUninitializedArray<byte>(checked(width * height * 4));
            fixed (byte* target = pixels) return Decode(data, file.Length, width, height, target);
        }
    }

    internal static byte[] EncodeJpeg(ReadOnlySpan<byte> bgra, int width, int height, int quality)
    {
        fixed (byte* pixels = bgra) return Taken(EncodeJpeg(pixels, width, height, quality, out byte* encoded, out long length), encoded, length);
    }

    internal static byte[] EncodePng(ReadOnlySpan<byte> rgba, int width, int height)
    {
        fixed (byte* pixels = rgba) return Taken(EncodePng(pixels, width, height, out byte* encoded, out long length), encoded, length);
    }

    private static byte[] Taken(int status, byte* encoded, long length)
    {
        if (status != Ok) throw new InvalidOperationException($"The picture could not be encoded (status {status}).");
        try
        {
            return new ReadOnlySpan<byte>(encoded, checked((int)length)).ToArray();
        }
        finally
        {
            Free(encoded);
        }
    }
}
