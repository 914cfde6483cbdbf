using System.IO.Compression;
using Microsoft.ML.PaT.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Serving;

/// <summary>
/// Reads the entries of a native archive and checks their hashes. Memory is bounded by the length of the file plus
/// <see cref="MaxTextBytes"/> for each entry, and <see cref="MaxReportBytes"/> for the report.
/// </summary>
internal sealed class ArchiveReader : IDisposable
{
    private const int MaxTextBytes = 16 << 20;

    /// <summary>An entry of each model that ML.NET saves.</summary>
    private const string ModelVersion = "TrainingInfo/Version.txt";

    // A report has the kept channels of every observation.
    private const int MaxReportBytes = 256 << 20;
    private readonly ZipArchive _zip;
    private readonly long _length;

    /// <param name="stream">A seekable stream; stays open.</param>
    public ArchiveReader(Stream stream)
    {
        RequireZip(stream);
        _length = stream.Length;
        _zip = new(stream, ZipArchiveMode.Read, leaveOpen: true);
        Manifest = ArchiveManifest.Parse(ReadText(ArchiveManifest.FileName));
    }

    public ArchiveManifest Manifest { get; }

    /// <summary>The content of every entry but the weights.</summary>
    public byte[] Text(string name)
    {
        var content = ReadText(name);
        Manifest.Check(name, content);
        return content;
    }

    /// <returns>New tensors on the CPU, detached from any scope; owned by the caller.</returns>
    public Dictionary<string, Tensor> Weights()
    {
        var entry = Find(ArchiveManifest.Weights);
        // Entries are not compressed, so the length of the file limits the memory that a malicious file can allocate.
        if (entry.CompressedLength != entry.Length || entry.Length > _length)
        {
            throw Invalid(
                $"The archive's weights claim {entry.Length} bytes in a file of {_length}; they must be stored "
                    + "uncompressed.");
        }
        using (var content = entry.Open()) Manifest.Check(entry.FullName, content);
        using (var content = entry.Open()) return Safetensors.Read(content, entry.Length);
    }

    public void Dispose() => _zip.Dispose();

    private static void RequireZip(Stream stream)
    {
        Span<byte> start = stackalloc byte[256];
        var from = stream.Position;
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = from;
        if (start.StartsWith("PK"u8)) return;
        var what = ImageSignature.FormatOf(start) is { } image
            ? $"it is a {image} image"
            : ImageSignature.What(start);
        throw Invalid(
            $"The file is not an archive of Microsoft.ML.PaT (.pat): {what}. Give a file that SaveArchive or pat train "
                + "wrote.");
    }

    private byte[] ReadText(string name)
    {
        using var content = Find(name).Open();
        var most = name == ArchiveManifest.Report ? MaxReportBytes : MaxTextBytes;
        var buffer = new MemoryStream();
        var block = new byte[81920];
        for (int read; (read = content.Read(block)) > 0;)
        {
            // The length in the zip's directory may be wrong: a small compressed entry can expand to any size.
            if (buffer.Length + read > most)
                throw Invalid($"The archive's entry '{name}' is larger than {most} bytes.");
            buffer.Write(block, 0, read);
        }
        return buffer.ToArray();
    }

    private ZipArchiveEntry Find(string name)
    {
        var found = _zip.Entries.Where(e => e.FullName == name).Take(2).ToArray();
        return found.Length switch
        {
            1 => found[0],
            0 when _zip.GetEntry(ModelVersion) is not null => throw Invalid(
                "The file is a model that ML.NET saved; ml.Model.Load loads it. Give the archive of its run, a file "
                    + "that ends with .pat."),
            0 => throw Invalid(
                $"The archive has no entry '{name}'. The file is truncated, or not an archive of Microsoft.ML.PaT."),
            _ => throw Invalid($"The archive has more than one entry '{name}'."),
        };
    }

    private static InvalidFileException Invalid(string what) => new(ErrorCodes.ArchiveInvalid, what);
}
