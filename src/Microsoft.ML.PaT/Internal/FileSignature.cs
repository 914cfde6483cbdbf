using System.Text.Unicode;

namespace Microsoft.ML.PaT.Internal;

/// <summary>Recognizes files that users give by mistake, by their first bytes.</summary>
internal static class FileSignature
{
    public const string Empty = "it has no bytes", Zeros = "it consists of zero bytes", Text = "it is text",
        Page = "it is an HTML page", LfsPointer = "it is a Git LFS pointer", Zip = "it is a ZIP archive",
        Gzip = "it is a gzip archive", Pickle = "it is a pickle of Python", Hdf5 = "it is an HDF5 file";

    private const int TextSample = 256;

    /// <summary>What a file is, <c>it is a TIFF image</c>; null for an unknown format.</summary>
    public static string? Of(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty) return Empty;
        if (!file.ContainsAnyExcept((byte)0)) return Zeros;
        if (file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) || file.StartsWith("II+\0"u8)
            || file.StartsWith("MM\0+"u8))
            return "it is a TIFF image";
        if (At(file, 4, "ftyp"u8)) return OfBrand(file);
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || At(file, 4, "JXL "u8)) return "it is a JPEG XL image";
        if (At(file, 4, "jP  "u8)) return "it is a JPEG 2000 image";
        if (file.StartsWith("8BPS"u8)) return "it is a Photoshop document";
        if (file.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0])) return "it is a Windows icon";
        if (file.StartsWith("%PDF"u8)) return "it is a PDF document";
        if (file.StartsWith("PK\u0003\u0004"u8)) return Zip;
        if (file.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) return Gzip;
        if (file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F'])) return Hdf5;
        if (file is [0x80, >= 2 and <= 5, ..]) return Pickle;
        if (file.StartsWith("version https://git-lfs"u8)) return LfsPointer;
        return OfText(file);
    }

    /// <summary>Whether a file has some bytes at an offset.</summary>
    public static bool At(ReadOnlySpan<byte> file, int offset, ReadOnlySpan<byte> mark) =>
        file.Length >= offset + mark.Length && file[offset..].StartsWith(mark);

    private static string OfBrand(ReadOnlySpan<byte> file) =>
        At(file, 8, "avi"u8) ? "it is an AVIF image"
        : At(file, 8, "hei"u8) || At(file, 8, "hev"u8) || At(file, 8, "mif1"u8) || At(file, 8, "msf1"u8)
            ? "it is a HEIC image"
        : "it is a video (MP4 or QuickTime)";

    private static string? OfText(ReadOnlySpan<byte> file)
    {
        var sample = file[..Math.Min(file.Length, TextSample)];
        if (sample.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) sample = sample[3..];
        sample = sample.TrimStart(" \t\r\n"u8);
        if (Starts(sample, "<!doctype html") || Starts(sample, "<html")) return Page;
        if (Starts(sample, "<svg")) return "it is an SVG drawing";
        if (Starts(sample, "<?xml")) return "it is an XML document";
        // The sample may end within a character of up to 4 bytes.
        for (var cut = 0; cut < 4 && cut < sample.Length; cut++)
            if (Utf8.IsValid(sample[..^cut])) return sample.ContainsAnyInRange((byte)0, (byte)8) ? null : Text;
        return null;
    }

    private static bool Starts(ReadOnlySpan<byte> sample, string start) =>
        sample.Length >= start.Length && System.Text.Ascii.EqualsIgnoreCase(sample[..start.Length], start);
}
