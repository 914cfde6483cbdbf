using System.IO.Compression;
using System.Text;

namespace Microsoft.ML;

/// <summary>
/// One folder of a model file under construction. A transformer writes its kind, version and content there, or hands the
/// context on to a transformer that can. Layout of a folder: the entry "Model" (kind, version, content), and a subfolder
/// per part.
/// </summary>
public sealed class ModelSaveContext : IDisposable
{
    internal const string ModelEntry = "Model";

    private readonly ZipArchive _archive;
    private readonly string _folder;
    private readonly MemoryStream _content = new();
    private string _kind;

    internal ModelSaveContext(ZipArchive archive, string folder)
    {
        _archive = archive;
        _folder = folder;
        Writer = new(_content, Encoding.UTF8, leaveOpen: true);
    }

    internal BinaryWriter Writer { get; }

    /// <summary>Says what is being written; the first thing every built-in transformer does.</summary>
    internal BinaryWriter Begin(string kind, int version)
    {
        if (_kind is not null) throw new InvalidOperationException($"A {kind} was saved where a {_kind} had been saved already.");
        _kind = kind;
        Writer.Write(kind);
        Writer.Write(version);
        return Writer;
    }

    /// <summary>Saves a part into a subfolder.</summary>
    internal void SavePart(string name, ICanSaveModel part)
    {
        using var context = new ModelSaveContext(_archive, $"{_folder}/{name}");
        part.Save(context);
        context.Finish(part);
    }

    /// <summary>Takes the folder into the file. A component that wrote nothing cannot be read back, so saving fails then.</summary>
    internal void Finish(ICanSaveModel saved)
    {
        if (_kind is null) throw new InvalidOperationException($"{saved.GetType()} saved nothing of itself: it could not be loaded again.");
        Writer.Flush();
        var entry = _archive.CreateEntry($"{_folder}/{ModelEntry}", CompressionLevel.Fastest);
        using var stream = entry.Open();
        _content.WriteTo(stream);
    }

    public void Dispose()
    {
        Writer.Dispose();
        _content.Dispose();
    }
}
