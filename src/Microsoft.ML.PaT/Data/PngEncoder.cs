using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Writes small images as PNG files (ISO/IEC 15948) with eight bits per color, without filters and palettes.
/// </summary>
internal static class PngEncoder
{
    private const int MostPixels = 48;

    /// <summary>Encodes an image, reduced to at most 48 pixels of height and width.</summary>
    /// <param name="planar">Pixels, [C,H,W]: gray for fewer than three channels, otherwise the first three are red,
    /// green and blue.</param>
    public static byte[] Thumbnail(ReadOnlySpan<byte> planar, ImageShape shape)
    {
        var scale = Math.Min(1.0, (double)MostPixels / Math.Max(shape.Height, shape.Width));
        var (height, width) = (Reduced(shape.Height), Reduced(shape.Width));
        var layout =
            shape.Channels < 3
                ? PixelLayout.Gray(shape.Height, shape.Width)
                : PixelLayout.PlanarRgb(shape.Height, shape.Width);
        var small = new byte[3 * height * width];
        ImageResizer.Resize(planar, layout, small, height, width);
        return Encode(small, height, width);

        int Reduced(int length) => Math.Max(1, (int)Math.Round(length * scale));
    }

    /// <summary>Encodes planar RGB, [3,H,W].</summary>
    public static byte[] Encode(ReadOnlySpan<byte> planar, int height, int width)
    {
        var plane = height * width;
        var rows = new byte[height * (1 + 3 * width)];
        for (var (y, at) = (0, 0); y < height; y++)
        {
            at++; // the filter of the row: none
            for (var x = 0; x < width; x++)
            for (var c = 0; c < 3; c++) rows[at++] = planar[c * plane + y * width + x];
        }
        using var pixels = new MemoryStream();
        using (var deflate = new ZLibStream(pixels, CompressionLevel.SmallestSize, leaveOpen: true))
            deflate.Write(rows);

        const byte bitsAColor = 8, rgb = 2;
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bitsAColor, rgb);
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, pixels.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        byte[] all = [.. type, .. content];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(all);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(all));
        file.Write(number);
    }

    /// <summary>
    /// CRC-32 of ISO 3309, bit by bit. The framework's implementation is in a separate package, and thumbnails are
    /// small.
    /// </summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        const uint polynomial = 0xEDB88320;
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = crc >> 1 ^ ((crc & 1) != 0 ? polynomial : 0);
        }
        return ~crc;
    }
}
