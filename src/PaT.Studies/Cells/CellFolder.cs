using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PaT.Studies;

/// <summary>
/// The folder of a cell. It contains <c>result.json</c> when the run is finished and tested, and <c>failed.json</c>
/// with the reason if it has failed.
/// </summary>
/// <param name="path">The folder, whose name is the cell's ID.</param>
public sealed class CellFolder(string path)
{
    private const string Result = "result.json", Failed = "failed.json";

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
    };

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>The file that describes the cell.</summary>
    public string Description => File("cell.json");

    /// <summary>Output of the run.</summary>
    public string Log => File("log.txt");

    /// <summary>Report of the run.</summary>
    public string Report => File("report.json");

    /// <summary>The checkpoints of the run.</summary>
    public string Checkpoints => File("checkpoints");

    /// <summary>The folder of another cell of the same study.</summary>
    public CellFolder Sibling(string id) =>
        new(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, id));

    /// <summary>Reads the result. Returns false if there is none, or if the file is damaged.</summary>
    public bool TryRead([NotNullWhen(true)] out CellResult? result)
    {
        result = null;
        try
        {
            result = JsonSerializer.Deserialize<CellResult>(System.IO.File.ReadAllBytes(File(Result)), s_json);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
        return result is not null;
    }

    /// <summary>Writes the result.</summary>
    public void Complete(CellResult result)
    {
        Write(Result, result);
        System.IO.File.Delete(File(Failed));
    }

    /// <summary>Writes the reason of a failure. The next start of the study runs the cell again.</summary>
    public void Fail(string error)
    {
        Directory.CreateDirectory(path);
        Write(Failed, new { error });
    }

    private string File(string name) => System.IO.Path.Combine(path, name);

    private void Write<T>(string name, T content) =>
        AtomicFile.Write(File(name), file => JsonSerializer.Serialize(file, content, s_json));
}
