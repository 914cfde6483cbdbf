using System.IO.Compression;
using System.Text;

namespace Microsoft.ML;

/// <summary>One folder of a model file being read.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly string _folder;

    internal ModelLoadContext(MLContext ml, ZipArchive archive, string folder)
    {
        Environment = ml;
        _archive = archive;
        _folder = folder;
        var entry = archive.GetEntry($"{folder}/{ModelSaveContext.ModelEntry}") ?? throw Failures.BadModel($"Corrupt model file: there is no '{folder}/{ModelSaveContext.ModelEntry}'.");
        var content = new MemoryStream();
        using (var stream = entry.Open()) stream.CopyTo(content);
        content.Position = 0;
        Reader = new(content, Encoding.UTF8);
        Kind = Reader.ReadString();
        Version = Reader.ReadInt32();
    }

    internal MLContext Environment { get; }
    internal BinaryReader Reader { get; }
    internal string Kind { get; }
    internal int Version { get; }

    /// <summary>Refuses content that was written by a newer version than this library reads.</summary>
    internal BinaryReader Expect(int newestVersion) => Version >= 1 && Version <= newestVersion
        ? Reader
        : throw Failures.BadModel($"'{_folder}' holds a {Kind} of version {Version}; this library reads versions 1 to {newestVersion}.");

    internal ITransformer LoadPart(string name)
    {
        using var part = new ModelLoadContext(Environment, _archive, $"{_folder}/{name}");
        return TransformerLoaders.Load(part);
    }

    public void Dispose() => Reader.Dispose();
}
