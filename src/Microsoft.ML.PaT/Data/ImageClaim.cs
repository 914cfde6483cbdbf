using System.Buffers.Binary;
using SkiaSharp;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Checks the size in a file's header before memory is allocated, because a file of a few bytes can claim any size.
/// </summary>
internal static class ImageClaim
{
    /// <summary>Maximum number of pixels of an image.</summary>
    private const long MostPixels = 100_000_000;

    /// <summary>
    /// Number of pixels that is allowed for files of any length: 16 million. Lossless WebP stores an image of a single
    /// color in a few bytes.
    /// </summary>
    private const long FreePixels = 1 << 22;

    /// <summary>Checks the size of an image.</summary>
    /// <param name="format">Format of the file.</param>
    /// <exception cref="InvalidDataException">The image has too many pixels, or more than a file of this length can
    /// contain.</exception>
    public static void Check(SKEncodedImageFormat format, SKSizeI size, ReadOnlySpan<byte> file)
    {
        var pixels = (long)size.Width * size.Height;
        if (pixels > MostPixels)
            throw Refused($"it claims {pixels:N0} pixels; at most {MostPixels:N0} are supported: make it smaller");
        var most = Math.Max(FreePixels, MostIn(format, file));
        if (pixels > most)
        {
            throw Refused(
                $"it claims {pixels:N0} pixels; {file.Length:N0} {format} bytes hold at most {most:N0}: get it again");
        }

        static InvalidDataException Refused(FormattableString message) => new(FormattableString.Invariant(message));
    }

    /// <summary>Maximum number of pixels that the compression of a format can store in the bytes of a file.</summary>
    private static long MostIn(SKEncodedImageFormat format, ReadOnlySpan<byte> file) => format switch
    {
        // A progressive scan has at least one bit for each block of 64 pixels (T.81 annex G).
        SKEncodedImageFormat.Jpeg => 8L * 64 * file.Length,
        // Deflate: 258 bytes of two bits (RFC 1951).
        SKEncodedImageFormat.Png => 8L * 1032 * file.Length / PngBits(file),
        // LZW: a code of 12 bits for at most 4,096 pixels.
        SKEncodedImageFormat.Gif => 4096L * 8 * file.Length / 12,
        SKEncodedImageFormat.Bmp => BmpPixels(file),
        // VP8 needs at least 3.4 bits per macroblock of 256 pixels: at most 598 pixels per byte (RFC 6386, section
        // 11.2).
        _ => 600L * file.Length,
    };

    private static int PngBits(ReadOnlySpan<byte> file)
    {
        const int depth = 24, colors = 25;
        if (file.Length <= colors) return 1;
        var channels = file[colors] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        return Math.Max(1, channels * file[depth]);
    }

    private static long BmpPixels(ReadOnlySpan<byte> file)
    {
        const int headerLength = 14, shortHeader = 12, shortBits = 24, bits = 28, compression = 30;
        if (file.Length < compression + 4) return 0;
        var isShort = file[headerLength] == shortHeader;
        // Run lengths: a byte for the count, up to 255, and one for the color.
        if (!isShort && file[compression] is 1 or 2) return 255L * file.Length / 2;
        return 8L * file.Length / Math.Max(1,
            (int)BinaryPrimitives.ReadUInt16LittleEndian(file[(isShort ? shortBits : bits)..]));
    }
}
