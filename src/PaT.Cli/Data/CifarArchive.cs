using System.Formats.Tar;
using System.IO.Compression;

namespace PaT.Cli;

/// <summary>Reads CIFAR-10's binary batches from a .tar or .tar.gz.</summary>
internal static class CifarArchive
{
    // 256 MB: the header of a larger file is damaged.
    private const long LargestFile = 1 << 28;

    /// <summary>The batches of an archive; null if its first file is something else.</summary>
    /// <exception cref="InvalidImageDataException">The archive is truncated, or a batch is missing or
    /// damaged.</exception>
    public static LabeledImages? Open(string file, CancellationToken cancellation)
    {
        var parts = new List<(string Path, byte[] Content)>();
        try
        {
            using var stream = new FileStream(
                file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
            var compressed = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
            stream.Position = 0;
            using var tar = new TarReader(compressed ? new GZipStream(stream, CompressionMode.Decompress) : stream);
            while (tar.GetNextEntry() is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                if (entry.DataStream is not { } data) continue;
                if (CifarBatches.IsPart(entry.Name)) parts.Add((entry.Name, Content(entry, data)));
                else if (parts.Count == 0 && !entry.Name.EndsWith(".html", StringComparison.Ordinal)) return null;
            }
        }
        catch (Exception e)
            when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            if (parts.Count == 0) return null;
            throw new InvalidImageDataException(
                ErrorCodes.ImageSourceInvalid, $"cannot read {file}: it is truncated; get it again", e);
        }

        return parts.Count == 0 ? null : CifarBatches.ToSet(file, parts);
    }

    private static byte[] Content(TarEntry entry, Stream data)
    {
        if (entry.Length > LargestFile) throw new InvalidDataException($"{entry.Name} claims {entry.Length} bytes");
        var content = new byte[entry.Length];
        data.ReadExactly(content);
        return content;
    }
}
