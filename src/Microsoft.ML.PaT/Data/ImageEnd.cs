using System.Buffers.Binary;
using SkiaSharp;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Finds truncated images by parsing their segments. Bytes after a complete image, such as the video of a motion photo,
/// are allowed.
/// </summary>
/// <remarks>
/// Decoders report missing pixels, but not missing data after the last pixel or in a later frame of an animation.
/// </remarks>
internal static class ImageEnd
{
    /// <summary>Whether a file ends before its image is complete.</summary>
    /// <param name="format">Format of the file. BMP files have no end marker; their decoder reports missing
    /// rows.</param>
    public static bool IsMissing(SKEncodedImageFormat format, ReadOnlySpan<byte> file) => format switch
    {
        SKEncodedImageFormat.Jpeg => OfJpeg(file),
        SKEncodedImageFormat.Png => OfPng(file),
        SKEncodedImageFormat.Gif => OfGif(file),
        SKEncodedImageFormat.Webp => OfWebp(file),
        _ => false,
    };

    /// <summary>
    /// ITU-T T.81 annex B: in entropy-coded data, 0 or a restart marker follows 0xFF; anything else starts a segment.
    /// </summary>
    private static bool OfJpeg(ReadOnlySpan<byte> file)
    {
        const byte prefix = 0xFF, stuffed = 0, temporary = 0x01, firstRestart = 0xD0, start = 0xD8, end = 0xD9;
        for (var at = 2; ;)
        {
            var next = file[at..].IndexOf(prefix);
            if (next < 0) return true;
            at += next;
            while (at < file.Length && file[at] == prefix) at++;
            if (at >= file.Length) return true;
            var marker = file[at++];
            if (marker == end) return false;
            if (marker is stuffed or temporary or (>= firstRestart and <= start)) continue;
            if (at + 2 > file.Length) return true;
            at += Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(file[at..]));
            if (at > file.Length) return true;
        }
    }

    /// <summary>Chunks of length, type, data and checksum; the last one is IEND.</summary>
    private static bool OfPng(ReadOnlySpan<byte> file)
    {
        const int signature = 8, around = 12;
        for (long at = signature; at + around <= file.Length;)
        {
            var chunk = file[(int)at..];
            at += around + BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (chunk[4..].StartsWith("IEND"u8)) return at > file.Length;
        }
        return true;
    }

    /// <summary>Parses blocks up to the trailer. Unknown bytes after the first image are trailing data.</summary>
    private static bool OfGif(ReadOnlySpan<byte> file)
    {
        const byte extension = 0x21, image = 0x2C, trailer = 0x3B;
        const int header = 13, headerFlags = 10, descriptor = 10, descriptorFlags = 9;
        if (file.Length < header) return true;
        var images = 0;
        for (var at = header + ColorTable(file[headerFlags]); at < file.Length;)
        {
            switch (file[at])
            {
                case trailer:
                    return false;
                case extension:
                    at += 2;
                    break;
                case image when at + descriptor < file.Length:
                    at += descriptor + ColorTable(file[at + descriptorFlags]) + 1;
                    images++;
                    break;
                case image:
                    return true;
                default:
                    return images == 0;
            }
            while (at < file.Length && file[at] != 0) at += 1 + file[at];
            at++;
        }
        return true;

        static int ColorTable(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private static bool OfWebp(ReadOnlySpan<byte> file)
    {
        const int size = 4, counted = 8;
        return BinaryPrimitives.ReadUInt32LittleEndian(file[size..]) + (long)counted > file.Length;
    }
}
