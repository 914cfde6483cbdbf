using System.Buffers.Binary;

namespace Microsoft.ML.PaT;

/// <summary>
/// Tells from the bytes of a picture file whether its end is missing. Decoders fill what a truncated JPEG lacks with grey and call it read;
/// a network would train on that.
/// </summary>
internal static class EncodedPicture
{
    /// <summary>Whether a JPEG, PNG or BMP file ends before its picture does; other kinds are left to their decoder.</summary>
    public static bool EndsEarly(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
        {
            // An end marker after the last scan: the one of an embedded thumbnail comes before the first.
            return file.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) < file.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) || file.Length < 4;
        }
        if (file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])) return file.LastIndexOf("IEND"u8) < 0;
        const int bmpHeader = 14, bmpPixelStart = 10;
        return file.StartsWith("BM"u8) && (file.Length < bmpHeader || file.Length <= BmpPixels(file[bmpPixelStart..]) || file.Length < BmpSize(file));

        static long BmpPixels(ReadOnlySpan<byte> field) => BinaryPrimitives.ReadUInt32LittleEndian(field);

        // Height times the padded row, from the header itself: the size field is wrong in files of some programs.
        static long BmpSize(ReadOnlySpan<byte> file)
        {
            const int width = 18, height = 22, bits = 28, compression = 30;
            if (file.Length < compression + 4) return long.MaxValue;
            if (BinaryPrimitives.ReadUInt32LittleEndian(file[compression..]) is not (0 or 3)) return 0;
            var row = ((long)BinaryPrimitives.ReadInt32LittleEndian(file[width..]) * BinaryPrimitives.ReadUInt16LittleEndian(file[bits..]) + 31) / 32 * 4;
            return BmpPixels(file[bmpPixelStart..]) + row * Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(file[height..]));
        }
    }
}
