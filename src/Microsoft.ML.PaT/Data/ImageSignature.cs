using Microsoft.ML.PaT.Internal;
using SkiaSharp;

namespace Microsoft.ML.PaT.Data;

/// <summary>Recognizes image formats by the first bytes.</summary>
internal static class ImageSignature
{
    private const string Convert = $"convert it to {ImageDecoder.Formats}";
    private const string Replace = "get the file again";

    /// <summary>Format of a supported image; null for other content.</summary>
    public static SKEncodedImageFormat? FormatOf(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? SKEncodedImageFormat.Jpeg
        : file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) ? SKEncodedImageFormat.Png
        : file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8) ? SKEncodedImageFormat.Gif
        : file.StartsWith("RIFF"u8) && FileSignature.At(file, 8, "WEBP"u8) ? SKEncodedImageFormat.Webp
        : IsBmp(file) ? SKEncodedImageFormat.Bmp
        : null;

    /// <summary>Describes content that is not a supported image, what was expected, and what to do.</summary>
    public static string Describe(ReadOnlySpan<byte> file) =>
        $"{What(file)}, not {ImageDecoder.Formats}; {Remedy(FileSignature.Of(file))}";

    /// <summary>What a file is that is not a supported image, <c>it is a TIFF image</c>.</summary>
    public static string What(ReadOnlySpan<byte> file) => FileSignature.Of(file)
        ?? $"it is of an unknown format (first bytes {System.Convert.ToHexString(file[..Math.Min(file.Length, 8)])})";

    private static string Remedy(string? what) => what switch
    {
        null => $"{Convert}, or {Replace}",
        FileSignature.Zip or FileSignature.Gzip => "unpack it",
        FileSignature.LfsPointer => "run 'git lfs pull' to get the image",
        FileSignature.Page => "download the image itself",
        FileSignature.Empty or FileSignature.Zeros or FileSignature.Text or FileSignature.Pickle
            or FileSignature.Hdf5 => Replace,
        _ => Convert,
    };

    private static bool IsBmp(ReadOnlySpan<byte> file)
    {
        // The length of the second header distinguishes a bitmap from a text that starts with "BM".
        const int headerLength = 14;
        return file.StartsWith("BM"u8)
            && (file.Length <= headerLength || file[headerLength] is 12 or 16 or 40 or 52 or 56 or 64 or 108 or 124);
    }
}
