using System.Formats.Tar;
using System.IO.Compression;

namespace PaT.Cli;

/// <summary>A .tar.gz with images (<c>[train/|test/]CLASS/FILE</c>) or with CIFAR-10's binary batches, read in one pass.</summary>
internal static class ImageArchive
{
    /// <summary>A longer file is a damaged header rather than an image: 256 MB.</summary>
    private const long MaxFileBytes = 1 << 28;

    /// <summary>Reads the whole archive into memory.</summary>
    /// <param name="file">An existing .tar.gz, .tgz or .tar.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="InvalidImageDataException">Not such an archive, a truncated one, or nothing in it that can be trained on.</exception>
    public static LabeledImages Open(string file, CancellationToken cancellation)
    {
        List<(string Path, byte[] Content)> files;
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20, FileOptions.SequentialScan);
            files = [.. Entries(stream, cancellation)];
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InvalidImageDataException($"cannot read {file}: it is truncated or not a .tar.gz archive; get it again, or give a folder with one folder per class", e);
        }

        return files.Exists(f => CifarBatches.IsBatch(f.Path))
            ? CifarBatches.ToSet(file, files)
            : ImageFileList.ToSet(file, files.Select(f => (f.Path, ReaderOf(f.Content))));
    }

    private static IEnumerable<(string Path, byte[] Content)> Entries(Stream stream, CancellationToken cancellation)
    {
        var compressed = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = 0;
        using var tar = new TarReader(compressed ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        while (tar.GetNextEntry() is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            var wanted = ImageFileList.IsImage(entry.Name) || CifarBatches.IsPart(entry.Name);
            if (wanted && entry.DataStream is { } data)
            {
                if (entry.Length > MaxFileBytes)
                {
                    throw new InvalidDataException($"{entry.Name} claims {entry.Length} bytes");
                }

                var content = new byte[entry.Length];
                data.ReadExactly(content);
                yield return (entry.Name, content);
            }
        }
    }

    private static Func<byte[]> ReaderOf(byte[] content) => () => content;
}
