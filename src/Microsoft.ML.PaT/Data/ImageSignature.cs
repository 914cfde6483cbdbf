using System.Text.Unicode;
using SkiaSharp;

namespace Microsoft.ML.PaT.Data;

/// <summary>Recognizes file formats by the first bytes.</summary>
internal static class ImageSignature
{
    private const int TextSample = 256;
    private const string Convert = $"convert it to {ImageDecoder.Formats}";
    private const string Replace = "get the file again";

    /// <summary>Format of a supported image; null for other content.</summary>
    public static SKEncodedImageFormat? FormatOf(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? SKEncodedImageFormat.Jpeg
        : file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) ? SKEncodedImageFormat.Png
        : file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8) ? SKEncodedImageFormat.Gif
        : file.StartsWith("RIFF"u8) && At(file, 8, "WEBP"u8) ? SKEncodedImageFormat.Webp
        : IsBmp(file) ? SKEncodedImageFormat.Bmp
        : null;

    /// <summary>Describes content that is not a supported image, what was expected, and what to do.</summary>
    public static string Describe(ReadOnlySpan<byte> file)
    {
        var (what, remedy) = Recognize(file);
        return $"{what}, not {ImageDecoder.Formats}; {remedy}";
    }

    /// <summary>What a file is by its first bytes, <c>it is a TIFF image</c>, and what to do with it.</summary>
    public static (string What, string Remedy) Recognize(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty) return ("it has no bytes", Replace);
        if (!file.ContainsAnyExcept((byte)0)) return ("it consists of zero bytes", Replace);
        if (file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) || file.StartsWith("II+\0"u8)
            || file.StartsWith("MM\0+"u8))
            return ("it is a TIFF image", Convert);
        if (At(file, 4, "ftyp"u8)) return (OfBrand(file), Convert);
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || At(file, 4, "JXL "u8))
            return ("it is a JPEG XL image", Convert);
        if (At(file, 4, "jP  "u8)) return ("it is a JPEG 2000 image", Convert);
        if (file.StartsWith("8BPS"u8)) return ("it is a Photoshop document", Convert);
        if (file.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0])) return ("it is a Windows icon", Convert);
        if (file.StartsWith("%PDF"u8)) return ("it is a PDF document", Convert);
        if (file.StartsWith("PK\u0003\u0004"u8)) return ("it is a ZIP archive", "unpack it");
        if (file.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) return ("it is a gzip archive", "unpack it");
        if (file.StartsWith("version https://git-lfs"u8))
            return ("it is a Git LFS pointer", "run 'git lfs pull' to get the image");
        return OfText(file) ?? ($"it is of an unknown format (first bytes {FirstBytes(file)})",
            $"{Convert}, or {Replace}");
    }

    private static string OfBrand(ReadOnlySpan<byte> file) =>
        At(file, 8, "avi"u8) ? "it is an AVIF image"
        : At(file, 8, "hei"u8) || At(file, 8, "hev"u8) || At(file, 8, "mif1"u8) || At(file, 8, "msf1"u8)
            ? "it is a HEIC image"
        : "it is a video (MP4 or QuickTime)";

    private static (string What, string Remedy)? OfText(ReadOnlySpan<byte> file)
    {
        var sample = file[..Math.Min(file.Length, TextSample)];
        if (sample.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) sample = sample[3..];
        sample = sample.TrimStart(" \t\r\n"u8);
        if (Starts(sample, "<!doctype html") || Starts(sample, "<html"))
            return ("it is an HTML page", "download the image itself");
        if (Starts(sample, "<svg")) return ("it is an SVG drawing", Convert);
        if (Starts(sample, "<?xml")) return ("it is an XML document", Convert);
        // The sample may end within a character of up to 4 bytes.
        for (var cut = 0; cut < 4 && cut < sample.Length; cut++)
            if (Utf8.IsValid(sample[..^cut]))
                return sample.ContainsAnyInRange((byte)0, (byte)8) ? null : ("it is text", Replace);
        return null;
    }

    private static bool IsBmp(ReadOnlySpan<byte> file)
    {
        // The length of the second header distinguishes a bitmap from a text that starts with "BM".
        const int headerLength = 14;
        return file.StartsWith("BM"u8)
            && (file.Length <= headerLength || file[headerLength] is 12 or 16 or 40 or 52 or 56 or 64 or 108 or 124);
    }

    private static bool At(ReadOnlySpan<byte> file, int offset, ReadOnlySpan<byte> mark) =>
        file.Length >= offset + mark.Length && file[offset..].StartsWith(mark);

    private static bool Starts(ReadOnlySpan<byte> sample, string start) =>
        sample.Length >= start.Length && System.Text.Ascii.EqualsIgnoreCase(sample[..start.Length], start);

    private static string FirstBytes(ReadOnlySpan<byte> file) =>
        System.Convert.ToHexString(file[..Math.Min(file.Length, 8)]);
}
