using System.Buffers.Binary;

namespace Microsoft.ML.PaT;

/// <summary>
/// Tells from the bytes of a picture file, before it is decoded, how many pixels it claims to have and whether its end is missing. Decoders
/// fill what a truncated JPEG lacks with grey and call it read; a network would train on that. And they take memory for any claim.
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

    /// <summary>The pixels that a JPEG, PNG, BMP or GIF file claims to have; 0 where its header does not say, and for other kinds.</summary>
    public static long Pixels(ReadOnlySpan<byte> file)
    {
        const int pngSize = 16, bmpSize = 18, gifSize = 6, most = 24;
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8])) return JpegPixels(file);
        if (file.Length < most) return 0;
        if (file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']))
            return Product(BinaryPrimitives.ReadUInt32BigEndian(file[pngSize..]), BinaryPrimitives.ReadUInt32BigEndian(file[(pngSize + 4)..]));
        if (file.StartsWith("GIF8"u8)) return Product(BinaryPrimitives.ReadUInt16LittleEndian(file[gifSize..]), BinaryPrimitives.ReadUInt16LittleEndian(file[(gifSize + 2)..]));
        return file.StartsWith("BM"u8) && file.Length >= bmpSize + 8
            ? Product(Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(file[bmpSize..])), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(file[(bmpSize + 4)..])))
            : 0;

        static long Product(long width, long height) => height == 0 || width <= long.MaxValue / height ? width * height : long.MaxValue;
    }

    /// <summary>Whether a PNG file claims more than its bytes can hold: its compression makes at most 1,032 bytes of one (RFC 1951: 258 of two bits). A decoder would take the memory all the same.</summary>
    public static bool ClaimsTooMuch(ReadOnlySpan<byte> file)
    {
        const int size = 16, depth = 24, colours = 25, mostOfOne = 1032;
        if (file.Length <= colours || !file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])) return false;
        var channels = file[colours] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        var row = 1 + (double)BinaryPrimitives.ReadUInt32BigEndian(file[size..]) * channels * file[depth] / 8;
        return row * BinaryPrimitives.ReadUInt32BigEndian(file[(size + 4)..]) > (double)mostOfOne * file.Length;
    }

    /// <summary>Walks the segments to the frame header (SOF), which has the size; a thumbnail's lies inside a segment and is passed over.</summary>
    private static long JpegPixels(ReadOnlySpan<byte> file)
    {
        const byte marker = 0xFF, firstFrame = 0xC0, lastFrame = 0xCF, huffman = 0xC4, extension = 0xC8, arithmetic = 0xCC, scan = 0xDA;
        for (var at = 2; at + 9 <= file.Length;)
        {
            if (file[at] != marker) return 0;
            var kind = file[at + 1];
            if (kind == marker)
            {
                at++;
                continue;
            }
            if (kind == scan) return 0;
            if (kind is >= firstFrame and <= lastFrame and not (huffman or extension or arithmetic))
                return (long)BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]) * BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]);
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }
        return 0;
    }
}
