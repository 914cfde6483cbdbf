namespace Microsoft.ML.PaT.Data;

/// <summary>Recognizes archives by their first bytes.</summary>
internal static class ArchiveKind
{
    public const string Zip = "zip", GZip = "gzip", Tar = "tar";

    private const int TarMark = 257;

    /// <summary>One of the constants, or what the file is and what to do, for a message.</summary>
    public static string Of(Stream stream)
    {
        var bytes = new byte[TarMark + 5];
        var start = bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        stream.Position = 0;
        return start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith("PK\u0005\u0006"u8) ? Zip
            : start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? GZip
            : start.Length == bytes.Length && start[TarMark..].SequenceEqual("ustar"u8) ? Tar
            : start.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']) ? Packed("an xz")
            : start.StartsWith("BZh"u8) ? Packed("a bzip2")
            : start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? Packed("a Zstandard")
            : start.StartsWith((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xBC, 0xAF]) ? Packed("a 7z")
            : start.StartsWith("Rar!"u8) ? Packed("a RAR")
            : start.IsEmpty ? "it has no bytes; get it again"
            : ImageDecoder.HasImageContent(start)
                ? "it is a single image; give a folder with one folder for each class, or an archive of one"
            : "it is not a .zip, .tar or .tar.gz archive; get it again, or give a folder with a folder for each class";
    }

    private static string Packed(string kind) =>
        $"it is {kind} archive, and .zip, .tar and .tar.gz are read; unpack it and give the folder";
}
