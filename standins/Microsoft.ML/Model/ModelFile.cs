using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>
/// A saved model: a zip with the entry "Version" (what wrote it and the format's version), "Schema" (the input schema, if
/// one was given) and the folder "TransformerChain". The format is this library's own: it does not read files of the
/// package it stands in for, nor the other way round.
/// </summary>
internal static class ModelFile
{
    private const string VersionEntry = "Version", SchemaEntry = "Schema", Root = "TransformerChain";
    private const string Producer = "Microsoft.ML stand-in";
    private const int FormatVersion = 1;

    internal static void Save(ITransformer model, DataViewSchema schema, Stream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Write(archive, VersionEntry, writer =>
        {
            writer.Write(Producer);
            writer.Write(FormatVersion);
        });
        if (schema is not null) Write(archive, SchemaEntry, writer => TypeCodec.WriteSchema(writer, schema));
        using var context = new ModelSaveContext(archive, Root);
        model.Save(context);
        context.Finish(model);
    }

    internal static ITransformer Load(MLContext ml, Stream stream, out DataViewSchema schema)
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            CheckVersion(archive);
            schema = null;
            if (archive.GetEntry(SchemaEntry) is { } entry)
            {
                using var reader = Open(entry);
                schema = TypeCodec.ReadSchema(reader);
            }
            using var context = new ModelLoadContext(ml, archive, Root);
            return TransformerLoaders.Load(context);
        }
        catch (EndOfStreamException e)
        {
            throw new FormatException("Corrupt model file: it ends too early.", e);
        }
    }

    private static void CheckVersion(ZipArchive archive)
    {
        var entry = archive.GetEntry(VersionEntry) ?? throw Failures.BadModel($"Not a model file: it has no entry '{VersionEntry}'.");
        using var reader = Open(entry);
        string producer = reader.ReadString();
        if (producer != Producer)
            throw Failures.BadModel($"The model file was written by '{producer}'; the {Producer} reads its own files only.");
        int version = reader.ReadInt32();
        if (version != FormatVersion) throw Failures.BadModel($"The model file has format version {version}; this library reads version {FormatVersion}.");
    }

    private static void Write(ZipArchive archive, string name, Action<BinaryWriter> write)
    {
        using var writer = new BinaryWriter(archive.CreateEntry(name, CompressionLevel.Fastest).Open());
        write(writer);
    }

    private static BinaryReader Open(ZipArchiveEntry entry)
    {
        var content = new MemoryStream();
        using (var stream = entry.Open()) stream.CopyTo(content);
        content.Position = 0;
        return new(content);
    }
}
