using System.Buffers.Binary;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Tests;

internal static class ImageEdits
{
    /// <summary>Changes the header to another, valid size.</summary>
    public static byte[] Claim(byte[] image, int height, int width)
    {
        var file = image.ToArray();
        switch (ImageSignature.FormatOf(file))
        {
            case SkiaSharp.SKEncodedImageFormat.Jpeg:
                var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), (ushort)height);
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), (ushort)width);
                break;
            case SkiaSharp.SKEncodedImageFormat.Png:
                BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
                BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(29), Checksum(file.AsSpan(12, 17)));
                break;
            case SkiaSharp.SKEncodedImageFormat.Gif:
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(6), (ushort)width);
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)height);
                break;
            case SkiaSharp.SKEncodedImageFormat.Bmp:
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
                break;
            default:
                // A VP8 frame: chunk header, 3 bytes of tag, 3 of start code, then 14 bits for each side.
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(26), (ushort)width);
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(28), (ushort)height);
                break;
        }
        return file;
    }

    /// <summary>Adds an EXIF segment with an orientation to a JPEG or WebP file.</summary>
    /// <param name="image">The file, without such a segment.</param>
    /// <param name="orientation">1 to 8.</param>
    /// <param name="little">Whether the segment is little-endian.</param>
    public static byte[] Orient(byte[] image, int orientation, bool little = true)
    {
        var tiff = Tiff((ushort)orientation, little);
        if (image[0] != 0xFF) return Webp(Frame(image), 0x08, new("EXIF", tiff));
        byte[] exif = [.. "Exif\0\0"u8, .. tiff];
        return [0xFF, 0xD8, 0xFF, 0xE1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif,
            .. image[2..]];
    }

    /// <summary>Builds an animated WebP file from simple WebP files.</summary>
    public static byte[] Animate(params byte[][] frames)
    {
        var size = Size(frames[0]);
        return Webp(null, 0x02, [new("ANIM", new byte[6]), .. frames.Select(f =>
            new KeyValuePair<string, byte[]>("ANMF", [.. new byte[6], .. size, 100, 0, 0, 0, .. Chunk(Frame(f))]))],
                size);
    }

    /// <summary>PNG checksum: ISO/IEC 15948, annex D.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var b in bytes)
        {
            sum ^= b;
            for (var bit = 0; bit < 8; bit++) sum = (sum & 1) != 0 ? (sum >> 1) ^ 0xEDB88320 : sum >> 1;
        }
        return ~sum;
    }

    private static byte[] Webp(KeyValuePair<string, byte[]>? frame, byte flags, KeyValuePair<string, byte[]> last) =>
        Webp(frame, flags, [last], null);

    private static byte[] Webp(KeyValuePair<string, byte[]>? frame, byte flags, KeyValuePair<string, byte[]>[] others,
        byte[]? size)
    {
        size ??= FrameSize(frame!.Value);
        byte[] content = [.. "WEBP"u8, .. Chunk(new("VP8X", [flags, 0, 0, 0, .. size])), .. frame is { } f ? Chunk(f)
            : [], .. others.SelectMany(Chunk)];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        return [.. "RIFF"u8, .. length, .. content];
    }

    private static KeyValuePair<string, byte[]> Frame(byte[] webp) =>
        new(System.Text.Encoding.ASCII.GetString(webp, 12, 4),
            webp[20..(20 + BinaryPrimitives.ReadInt32LittleEndian(webp.AsSpan(16)))]);

    private static byte[] Size(byte[] webp) => FrameSize(Frame(webp));

    /// <summary>Width - 1 and height - 1 of a VP8 frame, 3 bytes each.</summary>
    private static byte[] FrameSize(KeyValuePair<string, byte[]> frame)
    {
        var (width, height) =
            (BinaryPrimitives.ReadUInt16LittleEndian(frame.Value.AsSpan(6)) - 1,
            BinaryPrimitives.ReadUInt16LittleEndian(frame.Value.AsSpan(8)) - 1);
        return [(byte)width, (byte)(width >> 8), 0, (byte)height, (byte)(height >> 8), 0];
    }

    private static byte[] Chunk(KeyValuePair<string, byte[]> chunk)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, chunk.Value.Length);
        return [.. System.Text.Encoding.ASCII.GetBytes(chunk.Key), .. length, .. chunk.Value,
            .. new byte[chunk.Value.Length % 2]];
    }

    /// <summary>A directory with two tags; the second is the orientation.</summary>
    private static byte[] Tiff(ushort orientation, bool little)
    {
        var bytes = new List<byte>();
        bytes.AddRange(little ? "II"u8 : "MM"u8);
        Add16(42);
        Add32(8);
        Add16(2);
        Add16(0x0100);
        Add16(4);
        Add32(1);
        Add32(640);
        Add16(0x0112);
        Add16(3);
        Add32(1);
        Add16(orientation);
        Add16(0);
        Add32(0);
        return [.. bytes];

        void Add16(ushort value) =>
            bytes.AddRange(little ? [(byte)value, (byte)(value >> 8)] : [(byte)(value >> 8), (byte)value]);

        void Add32(uint value)
        {
            Add16((ushort)(little ? value : value >> 16));
            Add16((ushort)(little ? value >> 16 : value));
        }
    }
}
