using System.Buffers.Binary;

namespace Microsoft.ML.PaT;

/// <summary>Finds out how a camera was held, from the orientation tag in a JPEG file; decoders leave the pixels as the sensor saw them.</summary>
internal static class ExifOrientation
{
    private const int Upright = 1;
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>Reads the tag.</summary>
    /// <param name="file">The bytes of a picture file of any format.</param>
    /// <returns>1 to 8 as EXIF counts; 1, as the pixels lie, where the file has no such tag or a damaged one.</returns>
    public static int Of(ReadOnlySpan<byte> file)
    {
        if (file.Length < 4 || file[0] != 0xFF || file[1] != 0xD8) return Upright;
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xFF;)
        {
            var (marker, length) = (file[at + 1], BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]));
            // Pixels begin: the tag would have come before them.
            if (marker == 0xDA || length < 2 || at + 2 + length > file.Length) return Upright;
            var content = file.Slice(at + 4, length - 2);
            if (marker == 0xE1 && content.StartsWith("Exif\0\0"u8)) return OfTiff(content[6..]);
            at += 2 + length;
        }
        return Upright;
    }

    private static int OfTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return Upright;
        var little = tiff[0] == 'I';
        var directory = UInt32(tiff[4..]);
        if (directory > tiff.Length - 2) return Upright;
        var count = UInt16(tiff[(int)directory..]);
        for (var i = 0; i < count; i++)
        {
            var at = (int)directory + 2 + 12 * i;
            if (at + 12 > tiff.Length) return Upright;
            if (UInt16(tiff[at..]) != OrientationTag) continue;
            var value = UInt16(tiff[(at + 8)..]);
            return UInt16(tiff[(at + 2)..]) == ShortType && value is >= 1 and <= 8 ? value : Upright;
        }
        return Upright;

        ushort UInt16(ReadOnlySpan<byte> bytes) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

        uint UInt32(ReadOnlySpan<byte> bytes) => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}
