using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.PaT.Internal;

namespace Microsoft.ML.PaT.Serving;

/// <summary>The native archive, <c>.pat</c>: a classifier and the report of its run in one file.</summary>
/// <remarks>
/// A zip of <c>manifest.json</c> (format version, library version, SHA-256 of every other entry), <c>network.json</c>,
/// <c>weights.safetensors</c> (stored, not compressed), <c>classes.json</c>, <c>normalization.json</c> and
/// <c>report.json</c>. Reading rejects newer, truncated, damaged and changed files, allocates at most the length of the
/// file plus a constant, and executes nothing from the file.
/// </remarks>
internal static class ModelArchive
{
    private const int MaxClasses = 65_535;
    private const int MaxExtent = 4096;
    private const int MaxActivations = int.MaxValue;

    /// <summary>Writes a classifier and the report of its run.</summary>
    /// <param name="stream">Stays open.</param>
    public static void Save(Stream stream, ImageClassifier classifier, RunReport report)
    {
        using var history = new MemoryStream();
        // People share models. The training images in the report must not be shared with them.
        (
            report with { Classification = report.Classification is { } seen ? seen with { Worst = [] } : null }
        ).WriteJson(history);
        Save(stream, classifier, history.ToArray());
    }

    /// <summary>Writes a classifier without the report of a run.</summary>
    /// <param name="stream">Stays open.</param>
    public static void Save(Stream stream, ImageClassifier classifier) =>
        Save(stream, classifier, "null"u8.ToArray());

    private static void Save(Stream stream, ImageClassifier classifier, byte[] report)
    {
        using var use = classifier.Use();
        using var weights = new MemoryStream();
        Safetensors.Write(weights, classifier.Weights);
        (string Name, ReadOnlyMemory<byte> Content)[] entries =
        [
            (ArchiveManifest.Network, Encoding.UTF8.GetBytes(classifier.Network.ToJson())),
            (
                ArchiveManifest.Classes,
                JsonSerializer.SerializeToUtf8Bytes(classifier.Classes, ArchiveJson.Default.IReadOnlyListString)),
            (
                ArchiveManifest.Normalization,
                JsonSerializer.SerializeToUtf8Bytes(classifier.Normalization, ArchiveJson.Default.Normalization)),
            (ArchiveManifest.Report, report),
            (ArchiveManifest.Weights, weights.GetBuffer().AsMemory(0, (int)weights.Length)),
        ];
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        var manifest = ArchiveManifest.Of(entries, classifier.Resizing);
        Add(
            ArchiveManifest.FileName,
            JsonSerializer.SerializeToUtf8Bytes(manifest, ArchiveJson.Default.ArchiveManifest));
        foreach (var (name, content) in entries) Add(name, content);

        void Add(string name, ReadOnlyMemory<byte> content)
        {
            var entry = zip.CreateEntry(
                name, name == ArchiveManifest.Weights ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
            entry.LastWriteTime = ArchiveManifest.EntryTime;
            using var target = entry.Open();
            target.Write(content.Span);
        }
    }

    /// <summary>Reads what <see cref="Save(Stream, ImageClassifier, RunReport)"/> wrote.</summary>
    /// <param name="stream">Stays open.</param>
    /// <exception cref="InvalidFileException">The stream is not such an archive, has a newer format version, or is
    /// truncated, damaged or changed.</exception>
    public static (ImageClassifier Classifier, RunReport Report) Load(Stream stream)
    {
        var (classifier, report) = Load(stream, RunReport.ReadJson);
        return (classifier, report!);
    }

    /// <summary>Reads a file with a report.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">The file is not an archive, or has no report.</exception>
    public static (ImageClassifier Classifier, RunReport Report) Load(string path)
    {
        using var file = InputFile.Open(path);
        try
        {
            return Load(file);
        }
        catch (InvalidFileException e) when (e.Code == ErrorCodes.ReportInvalid)
        {
            throw new InvalidFileException(
                e.Code,
                $"{path} has no report of a run, because ImageClassifier.SaveArchive wrote it: read it with "
                    + "ImageClassifier.Load, or save it with SaveArchive of a transformer.",
                e);
        }
        catch (InvalidFileException e)
        {
            throw new InvalidFileException(e.Code, $"{path}: {e.Message}", e);
        }
    }

    /// <summary>
    /// Reads the classifier alone. Checks the hash of the report, but does not parse it, which would take 0.1 s.
    /// </summary>
    /// <inheritdoc cref="Load(Stream)"/>
    public static ImageClassifier LoadClassifier(Stream stream) => Load(stream, _ => null).Classifier;

    private static (ImageClassifier Classifier, RunReport? Report) Load(
        Stream stream, Func<Stream, RunReport?> readReport)
    {
        using var section = ExitGate.Enter();
        TorchLibrary.Require();
        try
        {
            if (stream.CanSeek) return LoadSeekable(stream, readReport);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.Position = 0;
            return LoadSeekable(copy, readReport);
        }
        catch (Exception e)
            when (e
                    is InvalidDataException
                        or EndOfStreamException
                        or JsonException
                        or NotSupportedException
                        or ArgumentException
                        or OverflowException
                        or InvalidOptionsException)
        {
            throw new InvalidFileException(
                ErrorCodes.ArchiveInvalid,
                $"The file is not an archive of Microsoft.ML.PaT, or it is truncated or damaged: "
                    + $"{JsonText.Describe(e)} Copy or save it again.",
                e);
        }
    }

    private static (ImageClassifier, RunReport?) LoadSeekable(Stream stream, Func<Stream, RunReport?> readReport)
    {
        using var archive = new ArchiveReader(stream);
        var network = NetworkDefinition.FromJson(Encoding.UTF8.GetString(archive.Text(ArchiveManifest.Network)));
        if (network.Input is not { Channels: <= MaxExtent, Height: <= MaxExtent, Width: <= MaxExtent })
        {
            throw new InvalidFileException(
                ErrorCodes.ArchiveInvalid,
                $"The archive's network takes images of {network.Input}; they must have at most {MaxExtent} "
                    + "channels, rows and columns.");
        }
        var huge = network.Layers.Select(l => network.OutputShape(l.Name))
            .FirstOrDefault(s => (long)s.Channels * s.Height * s.Width > MaxActivations);
        if (huge.Channels > 0)
        {
            throw new InvalidFileException(
                ErrorCodes.ArchiveInvalid,
                $"The archive's network has a layer of {huge} values for one image; at most {MaxActivations} are "
                    + "read.");
        }
        var classes = Parse(ArchiveManifest.Classes, ArchiveJson.Default.IReadOnlyListString);
        var normalization = Parse(ArchiveManifest.Normalization, ArchiveJson.Default.Normalization);
        var report = readReport(new MemoryStream(archive.Text(ArchiveManifest.Report), writable: false));
        if (classes.Count is < 2 or > MaxClasses || classes.Any(c => c is null))
        {
            throw new InvalidFileException(
                ErrorCodes.ArchiveInvalid,
                $"The archive names {classes.Count} classes; there must be 2 to {MaxClasses}.");
        }
        if (!normalization.Mean.All(float.IsFinite)
            || !normalization.StandardDeviation.All(s => float.IsFinite(s) && s > 0))
        {
            throw new InvalidFileException(
                ErrorCodes.ArchiveInvalid,
                "The archive's normalization is not made of finite means and positive standard deviations.");
        }

        var weights = archive.Weights();
        try
        {
            return (new(network, weights, normalization, classes) { Resizing = archive.Manifest.Resizing }, report);
        }
        finally
        {
            foreach (var tensor in weights.Values) tensor.Dispose();
        }

        T Parse<T>(string name, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(archive.Text(name), type)
            ?? throw new InvalidFileException(ErrorCodes.ArchiveInvalid, $"The archive's entry '{name}' is empty.");
    }
}
