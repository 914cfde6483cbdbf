using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;

namespace Microsoft.ML.PaT.Serving;

/// <summary>The first entry of an archive: format, version, library, and hashes of the other entries.</summary>
/// <param name="Entries">SHA-256 of each other entry, hexadecimal.</param>
/// <param name="Resizing">How images are resized to the input of the network.</param>
internal sealed record ArchiveManifest(
    string Format,
    int Version,
    string Library,
    IReadOnlyDictionary<string, string> Entries,
    ImageResizing Resizing = ImageResizing.Fill)
{
    public const string FileName = "manifest.json";
    public const string Network = "network.json";
    public const string Weights = "weights.safetensors";
    public const string Classes = "classes.json";
    public const string Normalization = "normalization.json";
    public const string Report = "report.json";
    private const string FormatName = "Microsoft.ML.PaT";
    private const int CurrentVersion = 1;

    /// <summary>
    /// Time stamp of every entry. It is constant, so that the same model always gives the same bytes.
    /// </summary>
    public static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Creates the manifest of entries.</summary>
    public static ArchiveManifest Of(
        IEnumerable<(string Name, ReadOnlyMemory<byte> Content)> entries, ImageResizing resizing) =>
        new(
            FormatName,
            CurrentVersion,
            typeof(ArchiveManifest)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion
                ?? "",
            entries.ToDictionary(e => e.Name, e => Convert.ToHexStringLower(SHA256.HashData(e.Content.Span))),
            resizing);

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="InvalidFileException">The manifest has another format or a newer version.</exception>
    public static ArchiveManifest Parse(byte[] content)
    {
        var manifest = JsonSerializer.Deserialize(content, ArchiveJson.Default.ArchiveManifest);
        if (manifest?.Format != FormatName)
        {
            throw new InvalidFileException(
                ErrorCodes.ArchiveInvalid, $"The archive is of the format '{manifest?.Format}', not '{FormatName}'.");
        }
        return manifest.Version is >= 1 and <= CurrentVersion
            ? manifest
            : throw new InvalidFileException(
                ErrorCodes.VersionUnsupported,
                $"The archive has version {manifest.Version}, written by Microsoft.ML.PaT {manifest.Library}; this "
                    + $"library reads up to version {CurrentVersion}. Update Microsoft.ML.PaT.");
    }

    /// <summary>Checks the hash of an entry.</summary>
    /// <exception cref="InvalidFileException">The hash differs.</exception>
    public void Check(string name, byte[] content) => Check(name, SHA256.HashData(content).AsSpan());

    /// <inheritdoc cref="Check(string, byte[])"/>
    public void Check(string name, Stream content) => Check(name, SHA256.HashData(content).AsSpan());

    private void Check(string name, ReadOnlySpan<byte> hash)
    {
        if (!Entries.TryGetValue(name, out var expected)
            || !Convert.ToHexStringLower(hash).Equals(expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidFileException(
                ErrorCodes.ArchiveInvalid,
                $"The archive's entry '{name}' does not match its hash: the file is damaged or was changed.");
        }
    }
}
