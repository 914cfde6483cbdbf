using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.PaT.Internal;

namespace PaT.Studies;

/// <summary>
/// The folder of a cell. <c>result.json</c> appears at once and only when the run is finished and tested; <c>failed.json</c> says why there is none.
/// </summary>
/// <param name="path">The folder; its name is the cell's id.</param>
public sealed class CellFolder(string path)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
    };

    /// <summary>Name of the file that says what the cell runs.</summary>
    public const string Description = "cell.json";

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>What the run printed.</summary>
    public string Log => File("log.txt");

    /// <summary>The report of the run.</summary>
    public string Report => File("report.json");

    /// <summary>A file in it.</summary>
    /// <param name="name">Its name.</param>
    public string File(string name) => System.IO.Path.Combine(path, name);

    /// <summary>The result of a finished cell; false when it is not finished, or when the file is damaged: then it runs again.</summary>
    /// <param name="result">The result.</param>
    public bool TryRead([NotNullWhen(true)] out CellResult? result)
    {
        result = null;
        try
        {
            result = JsonSerializer.Deserialize<CellResult>(System.IO.File.ReadAllBytes(File("result.json")), Json);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }

        return result is not null;
    }

    /// <summary>Finishes the cell.</summary>
    /// <param name="result">Its result.</param>
    public void Complete(CellResult result)
    {
        Write("result.json", result);
        System.IO.File.Delete(File("failed.json"));
    }

    /// <summary>Records why there is no result; the next start of the study tries again.</summary>
    /// <param name="cell">The run.</param>
    /// <param name="error">One line.</param>
    public void Fail(Cell cell, string error)
    {
        Directory.CreateDirectory(path);
        Write("failed.json", new { error, cell.Arguments });
    }

    private void Write<T>(string name, T content) =>
        AtomicFile.Write(File(name), file => JsonSerializer.Serialize(file, content, Json));
}
