using System.Formats.Tar;
using System.IO.Compression;

namespace Microsoft.ML.PaT.Data;

/// <summary>Reads the images of a .zip, .tar or .tar.gz into memory, in one pass.</summary>
internal static class ImageArchive
{
    /// <summary>Files of more bytes are rejected, because their header is probably damaged: 256 MB.</summary>
    private const long LargestFile = 1 << 28;

    private const int SignatureBytes = 16;
    private const string Link = "link in an archive";
    private const string Outward = "path that leads out of the archive";
    private const string Hidden = "hidden or tool file or folder";
    private const string Unreadable = "encrypted entry, or entry of a compression that cannot be read";

    public static ImageFolder Read(string file, CancellationToken cancellation)
    {
        var leftOut = new LeftOutFiles();
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20,
                FileOptions.SequentialScan);
            var kind = ArchiveKind.Of(stream);
            var files = kind switch
            {
                ArchiveKind.Zip => Zip(stream, leftOut, cancellation),
                ArchiveKind.GZip => Tar(new GZipStream(stream, CompressionMode.Decompress), leftOut, cancellation),
                ArchiveKind.Tar => Tar(stream, leftOut, cancellation),
                _ => throw new InvalidImageDataException(ErrorCodes.ImageSourceInvalid, $"Cannot read {file}: {kind}."),
            };
            return ClassFolders.Sort(file, files, leftOut);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException
            or ArgumentException or NotSupportedException or OverflowException)
        {
            throw new InvalidImageDataException(ErrorCodes.ImageSourceInvalid,
                $"Cannot read {file}: the archive is truncated or damaged ({e.Message}); get it again.", e);
        }
    }

    private static ICollection<FoundFile> Tar(Stream stream, LeftOutFiles leftOut, CancellationToken cancellation)
    {
        // The last entry with a name counts. A hard link repeats an earlier entry.
        var images = new Dictionary<string, FoundFile>(StringComparer.Ordinal);
        using var tar = new TarReader(stream);
        while (tar.GetNextEntry() is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            if (entry.EntryType is TarEntryType.SymbolicLink) leftOut.Add(Link);
            else if (entry.EntryType is TarEntryType.HardLink)
            {
                if (NameOf(entry.Name, leftOut) is not { } name) continue;
                if (NameOf(entry.LinkName, leftOut) is { } target && images.TryGetValue(target, out var linked))
                    images[name] = linked with { Name = name };
                else leftOut.Add(Link);
            }
            else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile
                && NameOf(entry.Name, leftOut) is { } name)
                Add(images, name, entry.DataStream ?? Stream.Null, entry.Length, leftOut);
        }
        return images.Values;
    }

    private static ICollection<FoundFile> Zip(Stream stream, LeftOutFiles leftOut, CancellationToken cancellation)
    {
        var images = new Dictionary<string, FoundFile>(StringComparer.Ordinal);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        foreach (var entry in zip.Entries)
        {
            cancellation.ThrowIfCancellationRequested();
            if (entry.FullName.EndsWith('/') || NameOf(entry.FullName, leftOut) is not { } name) continue;
            if (entry.IsEncrypted || Open(entry) is not { } data)
            {
                leftOut.Add(Unreadable);
                continue;
            }
            using (data) Add(images, name, data, entry.Length, leftOut);
        }
        return images.Values;
    }

    private static Stream? Open(ZipArchiveEntry entry)
    {
        try
        {
            return entry.Open();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static void Add(Dictionary<string, FoundFile> images, string name, Stream data, long length,
        LeftOutFiles leftOut)
    {
        if (length > LargestFile) throw new InvalidDataException($"{name} claims {length} bytes");
        var start = new byte[Math.Min(length, SignatureBytes)];
        data.ReadExactly(start);
        var content = start;
        var file = new FoundFile(name, "", most => most >= content.Length ? content : content[..most]);
        if (ImageSelection.Select([file], leftOut).Count == 0) return;
        // The size in a header is not trusted: memory grows with the bytes that arrive.
        using var rest = new MemoryStream();
        rest.Write(start);
        data.CopyTo(rest);
        if (rest.Length != length) throw new InvalidDataException($"{name} has {rest.Length} bytes, not {length}");
        content = rest.ToArray();
        images[name] = file;
    }

    /// <summary>The path in the form of a folder's path; null for an entry that is left out.</summary>
    private static string? NameOf(string entry, LeftOutFiles leftOut)
    {
        string[] parts = [.. entry.Replace('\\', '/').Split('/').Where(p => p is not ("" or "."))];
        if (parts.Contains("..")) leftOut.Add(Outward);
        else if (parts.Any(HiddenNames.Contain)) leftOut.Add(Hidden);
        else if (parts.Length > 0) return string.Join('/', parts);
        return null;
    }
}
